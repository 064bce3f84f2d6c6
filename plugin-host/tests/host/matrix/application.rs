//! What every version of the application says in the same words, of its own
//! types.

/// Keeps journals, and has the orders of `batches` checked.
macro_rules! application {
    () => {
        impl shop::HostJournal for Desk {
            fn new(&mut self, title: String) -> Journal {
                Journal { title }
            }

            fn write(&mut self, journal: &mut Journal, text: String) {
                Desk::write(self, journal, &text);
            }
        }

        /// What a plugin makes of each order.
        pub(super) fn check(plugin: &mut dyn review::Calls) -> Vec<String> {
            let mut answers = Vec::new();
            for batch in batches() {
                match plugin.check(&batch).expect("the call succeeds") {
                    Ok(orders) => answers.extend(orders.iter().map(shown)),
                    Err(rejection) => {
                        answers.push(format!("{} rejected: {}", rejection.order, rejection.why));
                    }
                }
            }
            answers
        }

        fn shown(order: &Order) -> String {
            let status = shown_status(&order.status);
            format!("{} {}: {status}", order.id, order.customer)
        }

        fn lines(lines: &[(&str, u32)]) -> Vec<Line> {
            let line = |(sku, quantity): &(&str, u32)| Line {
                sku: (*sku).to_owned(),
                quantity: *quantity,
            };
            lines.iter().map(line).collect()
        }
    };
}
pub(super) use application;
