//! The descriptions of generated products: HTML as shops have it, pasted from
//! everywhere.

use super::random::Random;

/// Sentences that hold for anything that a shop sells.
const SENTENCES: [&str; 10] = [
    "Made in small batches by people who care",
    "Soft to the touch &amp; built to last",
    "Each piece differs a little, which is the point",
    "Our best seller since 2016",
    "Loved in caf&eacute;s from Lisbon to Malm&ouml;",
    "Fits next to anything you own already",
    "Made from 100% recycled material&nbsp;&ndash; even the label",
    "Don&#39;t put it in the tumble dryer",
    "Wipe clean with a damp cloth",
    "The box measures 12\" by 9\"",
];

/// Makes up a description.
pub(super) fn description(random: &mut Random) -> String {
    let at = random.below(SENTENCES.len() as u64) as usize;
    let [one, two, three] = [0, 3, 6].map(|step| SENTENCES[(at + step) % SENTENCES.len()]);
    let mut html = match random.below(9) {
        0 | 1 => format!("<p>{one}.</p>"),
        2 => format!(
            "<div class=\"rte\"><p><strong>{one}.</strong> {two}.</p>\n\
             <ul>\n<li><em>{three}</em></li>\n<li>Ships within 3 days</li>\n</ul></div>"
        ),
        3 => format!("{one}.<br>{two}.<br/>\n\n{three}."),
        4 => format!("{one}, \"they said\".\n{two}."),
        5 => format!(
            "<p class=\"MsoNormal\"><span style=\"font-family: &quot;Arial&quot;;\">{one}.\
             </span></p><p>&nbsp;</p><p><span>{two}.</span></p>"
        ),
        6 => format!("<p>{one}. <b>{two}.<p>{three}."),
        7 => format!(
            "<table><tbody><tr><td>Care</td><td>{one}</td></tr>\
             <tr><td>Note</td><td>{two}</td></tr></tbody></table>"
        ),
        _ => format!(
            "<h3>{one}</h3><p>{two} <a href=\"https://shop.example.com/care\" \
             onclick=\"track('care')\" target=\"_blank\">Read more &raquo;</a></p>"
        ),
    };
    match random.below(100) {
        0 | 1 => {
            html.push_str("\n<script>window.dataLayer.push({\"view\": true && 1 < 2});</script>")
        }
        2 => html.push_str("<SCRIPT src=\"https://stats.example.com/p.js\"></SCRIPT>"),
        3 | 4 => html.clear(),
        _ => {}
    }
    html
}
