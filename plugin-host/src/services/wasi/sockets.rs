//! `wasi:sockets` without any sockets. Resolves no names either.
//!
//! Who has no socket can do nothing with one, so `tcp` and `udp` keep the stock
//! hosts: a call of theirs takes a handle that nobody has.

use crate::services::Services;
use wasmtime::bail;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::sockets::ip_name_lookup::{self, ResolveAddressStream};
use wasmtime_wasi::p2::bindings::sockets::{instance_network, network, tcp_create_socket};
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket;
use wasmtime_wasi::p2::{
    DynPollable, IoError, Network, SocketError, SocketResult, TcpSocket, UdpSocket,
};
use wasmtime_wasi::sockets::WasiSocketsCtxView;

/// What a handle to a network stands for.
struct NoNetwork;

impl Services {
    pub(super) fn sockets(&mut self) -> WasiSocketsCtxView<'_> {
        WasiSocketsCtxView {
            ctx: &mut self.sockets,
            table: &mut self.table,
        }
    }

    fn refuse<T>(&mut self, bytes: usize) -> SocketResult<T> {
        let counted = self.meter.enter_service(bytes as u64);
        counted.map_err(SocketError::trap)?;
        Err(network::ErrorCode::AccessDenied.into())
    }
}

impl network::Host for Services {
    fn convert_error_code(&mut self, error: SocketError) -> wasmtime::Result<network::ErrorCode> {
        error.downcast()
    }

    fn network_error_code(
        &mut self,
        _: Resource<IoError>,
    ) -> wasmtime::Result<Option<network::ErrorCode>> {
        self.meter.enter_service(0)?;
        Ok(None)
    }
}

impl network::HostNetwork for Services {
    fn drop(&mut self, network: Resource<Network>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        self.table
            .delete(Resource::<NoNetwork>::new_own(network.rep()))?;
        Ok(())
    }
}

impl instance_network::Host for Services {
    fn instance_network(&mut self) -> wasmtime::Result<Resource<Network>> {
        self.meter.enter_service(0)?;
        // There is no error to return, and the C library asks before it makes
        // any socket: this handle opens nothing.
        let nothing = self.table.push(NoNetwork)?;
        Ok(Resource::new_own(nothing.rep()))
    }
}

impl tcp_create_socket::Host for Services {
    fn create_tcp_socket(
        &mut self,
        _: network::IpAddressFamily,
    ) -> SocketResult<Resource<TcpSocket>> {
        self.refuse(0)
    }
}

impl udp_create_socket::Host for Services {
    fn create_udp_socket(
        &mut self,
        _: network::IpAddressFamily,
    ) -> SocketResult<Resource<UdpSocket>> {
        self.refuse(0)
    }
}

impl ip_name_lookup::Host for Services {
    fn resolve_addresses(
        &mut self,
        _: Resource<Network>,
        name: String,
    ) -> SocketResult<Resource<ResolveAddressStream>> {
        self.refuse(name.len())
    }
}

impl ip_name_lookup::HostResolveAddressStream for Services {
    fn resolve_next_address(
        &mut self,
        _: Resource<ResolveAddressStream>,
    ) -> SocketResult<Option<network::IpAddress>> {
        self.refuse(0)
    }

    fn subscribe(
        &mut self,
        _: Resource<ResolveAddressStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        self.meter.enter_service(0)?;
        bail!("no names are resolved")
    }

    fn drop(&mut self, _: Resource<ResolveAddressStream>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)
    }
}
