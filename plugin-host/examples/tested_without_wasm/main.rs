//! A shop that lets plugins change its prices, on as many threads as it likes. All that
//! it does with plugins is tested, in `tests.rs`, without building any wasm:
//! `cargo test --example tested_without_wasm`.

#[cfg(test)]
mod tests;

use plugin_host::{
    AnyPlugin, Candidate, Error, Host, InstanceContext, Meter, Plugins, Pool, Versions,
};

plugin_host::world! {
    inline: "
        package acme:shop@0.1.0;
        interface stock { count: func(names: list<string>) -> list<u32>; }
        interface discount { apply: func(price: u32) -> result<u32, string>; }
        world plugin { import stock; export discount; }",
}

/// What plugins call.
struct Shop {
    meter: Meter,
}

impl stock::Host for Shop {
    /// Takes time, which the plugin pays for, and ends early when the call is over.
    fn count(&mut self, names: Vec<String>) -> Vec<u32> {
        let names = names.iter().take_while(|_| !self.meter.is_cancelled());
        let counts = names.map(|name| {
            self.meter.charge_fuel(1_000);
            u32::from(name == "tea") * 12
        });
        counts.collect()
    }
}

fn open(InstanceContext { meter, .. }: InstanceContext) -> Shop {
    Shop { meter }
}

type Discounts = Plugins<Pool<AnyPlugin<dyn discount::Calls>>>;

fn load(host: &Host, found: Vec<Result<Candidate, Error>>) -> Discounts {
    let versions = Versions::<dyn discount::Calls>::newest_with::<ShopPlugin<Shop>>(
        |plugin| plugin,
        |context| Ok(open(context)),
    );
    host.load_all(found, |loader| versions.pool(loader, 4)?.prepare())
}

/// The price as all plugins leave it, and a line for each that had no part in it.
fn price(plugins: &Discounts, price: u32) -> (u32, Vec<String>) {
    let mut left_out: Vec<String> = plugins.refused().iter().map(Error::to_string).collect();
    let told = |error: Error| error.to_string();
    let chain = plugins.each_ref().chain(price, |pool, price| {
        let mut plugin = pool.get().map_err(told)?;
        plugin.calls().apply(*price).map_err(told)?
    });
    left_out.extend(chain.failures().map(|(id, why)| format!("{id}: {why}")));
    (chain.value, left_out)
}

fn main() -> Result<(), Error> {
    let host = Host::builder().build()?;
    let plugins = load(&host, host.discover("plugins"));
    println!("{:?}", price(&plugins, 200));
    Ok(())
}
