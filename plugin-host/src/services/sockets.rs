//! Sockets that cannot be made. Who has no socket can do nothing with one, and
//! the stock hosts of some socket functions panic inside a tokio task.

use super::HasServices;
use wasmtime::component::{HasData, Linker, Resource};
use wasmtime_wasi::p2::bindings::sockets::{network, tcp_create_socket};
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket;
use wasmtime_wasi::p2::{SocketError, SocketResult, TcpSocket, UdpSocket};

struct Denied;

struct HasDenied;

impl HasData for HasDenied {
    type Data<'a> = Denied;
}

/// Replaces the stock hosts; the linker must allow shadowing.
pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    tcp_create_socket::add_to_linker::<D, HasDenied>(linker, |_| Denied)?;
    udp_create_socket::add_to_linker::<D, HasDenied>(linker, |_| Denied)
}

impl network::Host for Denied {
    fn convert_error_code(&mut self, error: SocketError) -> wasmtime::Result<network::ErrorCode> {
        error.downcast()
    }

    fn network_error_code(
        &mut self,
        _: Resource<wasmtime_wasi::p2::IoError>,
    ) -> wasmtime::Result<Option<network::ErrorCode>> {
        Ok(None)
    }
}

impl network::HostNetwork for Denied {
    fn drop(&mut self, _: Resource<wasmtime_wasi::p2::Network>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl tcp_create_socket::Host for Denied {
    fn create_tcp_socket(
        &mut self,
        _: network::IpAddressFamily,
    ) -> SocketResult<Resource<TcpSocket>> {
        Err(network::ErrorCode::AccessDenied.into())
    }
}

impl udp_create_socket::Host for Denied {
    fn create_udp_socket(
        &mut self,
        _: network::IpAddressFamily,
    ) -> SocketResult<Resource<UdpSocket>> {
        Err(network::ErrorCode::AccessDenied.into())
    }
}
