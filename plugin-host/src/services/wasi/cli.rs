//! `wasi:cli`. No arguments, no terminals, and variables only where granted.

use crate::services::Services;
use wasmtime::component::Resource;
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::p2::bindings::cli::terminal_input::{self, TerminalInput};
use wasmtime_wasi::p2::bindings::cli::terminal_output::{self, TerminalOutput};
use wasmtime_wasi::p2::bindings::cli::{
    environment, exit, stderr, stdin, stdout, terminal_stderr, terminal_stdin, terminal_stdout,
};
use wasmtime_wasi::p2::pipe::ClosedInputStream;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream};

impl environment::Host for Services {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        let variables = self.grants.environment.iter();
        let variables = variables.map(|(name, value)| (name.as_str(), value.as_str()));
        let bytes: usize = variables.clone().map(|(k, v)| k.len() + v.len()).sum();
        self.meter.enter_service(bytes as u64)?;
        Ok(variables
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        self.meter.enter_service(0)?;
        Ok(Vec::new())
    }

    fn initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        self.meter.enter_service(0)?;
        Ok(None)
    }
}

impl exit::Host for Services {
    fn exit(&mut self, status: Result<(), ()>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        Err(I32Exit(i32::from(status.is_err())).into())
    }

    fn exit_with_code(&mut self, code: u8) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        Err(I32Exit(code.into()).into())
    }
}

impl stdin::Host for Services {
    fn get_stdin(&mut self) -> wasmtime::Result<Resource<DynInputStream>> {
        self.meter.enter_service(0)?;
        let closed: DynInputStream = Box::new(ClosedInputStream);
        Ok(self.table.push(closed)?)
    }
}

impl stdout::Host for Services {
    fn get_stdout(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.meter.enter_service(0)?;
        let stream = self.stdio.stdout();
        Ok(self.table.push(stream)?)
    }
}

impl stderr::Host for Services {
    fn get_stderr(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.meter.enter_service(0)?;
        let stream = self.stdio.stderr();
        Ok(self.table.push(stream)?)
    }
}

impl terminal_input::Host for Services {}

impl terminal_input::HostTerminalInput for Services {
    fn drop(&mut self, _: Resource<TerminalInput>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)
    }
}

impl terminal_output::Host for Services {}

impl terminal_output::HostTerminalOutput for Services {
    fn drop(&mut self, _: Resource<TerminalOutput>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)
    }
}

impl terminal_stdin::Host for Services {
    fn get_terminal_stdin(&mut self) -> wasmtime::Result<Option<Resource<TerminalInput>>> {
        self.meter.enter_service(0)?;
        Ok(None)
    }
}

impl terminal_stdout::Host for Services {
    fn get_terminal_stdout(&mut self) -> wasmtime::Result<Option<Resource<TerminalOutput>>> {
        self.meter.enter_service(0)?;
        Ok(None)
    }
}

impl terminal_stderr::Host for Services {
    fn get_terminal_stderr(&mut self) -> wasmtime::Result<Option<Resource<TerminalOutput>>> {
        self.meter.enter_service(0)?;
        Ok(None)
    }
}
