//! Turns the descriptions' HTML into text, or into HTML that is safe to show.
//!
//! The configuration's one key, `format`, is `text` or `safe-html`. Without it,
//! descriptions stay as they are.

plugin_sdk::generate!({ path: "../../wit/catalog", world: "plugin" });

use html2text::render::TrivialDecorator;
use plugin_sdk::{config, log};
use serde::Deserialize;
use transform::{Guest, Product, TransformError};

/// The configuration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    format: Option<Format>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    Text,
    SafeHtml,
}

struct Sanitize;

impl Guest for Sanitize {
    fn apply(mut batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
        let settings = config::load::<Settings>();
        let settings = settings.map_err(|e| TransformError::Config(e.to_string()))?;
        let Some(format) = settings.format else {
            return Ok(batch);
        };
        for product in &mut batch {
            let description = format.of(&product.description);
            if description != product.description {
                log::debug!(handle = product.handle; "description changed");
                product.description = description;
            }
        }
        Ok(batch)
    }
}

impl Format {
    fn of(self, html: &str) -> String {
        // What has neither tags nor entities is text, and safe.
        if !html.contains(['<', '&']) {
            return html.to_owned();
        }
        match self {
            Self::Text => text(html),
            Self::SafeHtml => ammonia::clean(html),
        }
    }
}

fn text(html: &str) -> String {
    // So wide that lines break only where the HTML has it.
    const WIDTH: usize = 100_000;
    html2text::config::with_decorator(TrivialDecorator::new())
        .no_table_borders()
        .unicode_strikeout(false)
        .string_from_read(html.as_bytes(), WIDTH)
        .expect("only a page too narrow for it makes html2text refuse HTML")
        .trim()
        .to_owned()
}

plugin_sdk::export!(Sanitize);

#[cfg(test)]
mod tests {
    use plugin_sdk::testing;

    use super::*;

    fn description(format: Option<&str>, html: &str) -> String {
        testing::set_config(format.map(|format| ("format", format)));
        let product = Product {
            handle: "lamp".into(),
            title: "Lamp".into(),
            description: html.into(),
            vendor: String::new(),
            product_type: String::new(),
            tags: Vec::new(),
            variants: Vec::new(),
        };
        let batch = Sanitize::apply(vec![product]).expect("a batch");
        batch[0].description.clone()
    }

    #[test]
    fn without_a_format_nothing_changes() {
        let html = "<p onclick=x>Hi</p>";
        assert_eq!(description(None, html), html);
    }

    #[test]
    fn text_keeps_paragraphs_lists_and_characters() {
        for (html, text) in [
            ("Plain,  as it is ", "Plain,  as it is "),
            ("<p>One &amp; two.</p><p>Three</p>", "One & two.\n\nThree"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
            ("<h2>Care</h2>Wash <b>cold</b>.", "Care\n\nWash cold."),
            ("<a href='https://x.example'>here</a>", "here"),
            ("<s>10</s> 8", "10 8"),
            ("a<br>b<img src=x alt='A lamp'>", "a\nbA lamp"),
            ("a<script>alert(1)</script>b", "ab"),
            ("<table><tr><td>W</td><td>3 kg</td></tr></table>", "W 3 kg"),
        ] {
            assert_eq!(description(Some("text"), html), text);
        }
    }

    #[test]
    fn safe_html_loses_what_could_run() {
        for (html, safe) in [
            (
                "<p onclick='x()'>Hi <b>there</b></p>",
                "<p>Hi <b>there</b></p>",
            ),
            ("a<script>alert(1)</script>b", "ab"),
            (
                "<a href='javascript:x()'>a</a>",
                "<a rel=\"noopener noreferrer\">a</a>",
            ),
        ] {
            assert_eq!(description(Some("safe-html"), html), safe);
        }
    }

    #[test]
    fn an_unknown_format_is_the_configurations_fault() {
        testing::set_config([("format", "pdf")]);
        let Err(TransformError::Config(message)) = Sanitize::apply(Vec::new()) else {
            panic!("expected an error about the configuration");
        };
        assert_eq!(
            message,
            "config key `format` cannot be `pdf`: unknown variant `pdf`, expected `text` or \
             `safe-html`"
        );
    }
}
