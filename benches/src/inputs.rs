//! What the calls hand over, in whichever types a binding has for it.

/// Makes the functions that fill the types `Item`, `Order` and `Product` of the
/// module where it stands.
macro_rules! inputs {
    () => {
        fn order() -> Order {
            Order {
                id: 1001,
                customer: 77,
                number: "2024-1001".to_owned(),
                currency: "EUR".to_owned(),
                city: "Amsterdam".to_owned(),
                country: "Netherlands".to_owned(),
                net: 129_900,
                tax: 27_279,
                shipping: 995,
                discount: -500,
                weight: 3.5,
                volume: 0.25,
                lines: 3,
                parcels: 1,
                placed: 1_700_000_000,
                sent: 1_700_086_400,
                priority: 2,
                channel: 1,
                paid: true,
                gift: false,
            }
        }

        fn products(count: u32) -> Vec<Product> {
            let product = |i| {
                let (id, [handle, title, vendor], tags) = $crate::cases::product(i);
                Product {
                    id,
                    handle,
                    title,
                    vendor,
                    tags: tags.into(),
                }
            };
            (0..count).map(product).collect()
        }

        fn items(count: u32) -> Vec<Item> {
            let item = |i| {
                let (id, price, quantity, available) = $crate::cases::item(i);
                Item {
                    id,
                    price,
                    quantity,
                    available,
                }
            };
            (0..count).map(item).collect()
        }
    };
}

pub(crate) use inputs;
