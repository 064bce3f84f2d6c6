//! The core module of a component whose functions trap.

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function as Body, FunctionSection,
    ImportSection, MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wit_parser::abi::WasmType;
use wit_parser::{
    Function, LiftLowerAbi, ManglingAndAbi, Resolve, ResourceIntrinsic, TypeDefKind, TypeId,
    WasmExport, WasmExportKind, WasmImport, WorldId, WorldItem, WorldKey,
};

const MANGLING: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);

/// A module that imports what is used of what the world does, and exports traps.
pub(crate) fn traps(
    resolve: &Resolve,
    world: WorldId,
    is_used: &dyn Fn(&Function) -> bool,
) -> Vec<u8> {
    let world = &resolve.worlds[world];
    let mut parts = Parts::default();
    for (key, item) in &world.imports {
        match item {
            WorldItem::Function(function) if is_used(function) => {
                parts.import(resolve, None, function);
            }
            WorldItem::Function(_) => {}
            WorldItem::Interface { id, .. } => {
                let interface = &resolve.interfaces[*id];
                for function in interface.functions.values().filter(|f| is_used(f)) {
                    parts.import(resolve, Some(key), function);
                }
                for id in interface.types.values() {
                    parts.import_drop(resolve, Some(key), *id);
                }
            }
            WorldItem::Type { id, .. } => parts.import_drop(resolve, None, *id),
        }
    }
    for (key, item) in &world.exports {
        match item {
            WorldItem::Function(function) => parts.export(resolve, None, function),
            WorldItem::Interface { id, .. } => {
                for function in resolve.interfaces[*id].functions.values() {
                    parts.export(resolve, Some(key), function);
                }
            }
            WorldItem::Type { .. } => {}
        }
    }
    parts.finish(resolve)
}

#[derive(Default)]
struct Parts {
    types: TypeSection,
    imports: ImportSection,
    imported: u32,
    functions: FunctionSection,
    exports: ExportSection,
    code: CodeSection,
}

impl Parts {
    fn import(&mut self, resolve: &Resolve, interface: Option<&WorldKey>, function: &Function) {
        let signature = resolve.wasm_signature(MANGLING.import_variant(), function);
        let ty = self.signature(&signature.params, &signature.results);
        let func = WasmImport::Func {
            interface,
            func: function,
        };
        let (module, name) = resolve.wasm_import_name(MANGLING, func);
        self.imports
            .import(&module, &name, EntityType::Function(ty));
        self.imported += 1;
    }

    /// A resource is imported where it is used: here, to be dropped.
    fn import_drop(&mut self, resolve: &Resolve, interface: Option<&WorldKey>, resource: TypeId) {
        if !matches!(resolve.types[resource].kind, TypeDefKind::Resource) {
            return;
        }
        let drop = WasmImport::ResourceIntrinsic {
            interface,
            resource,
            intrinsic: ResourceIntrinsic::ImportedDrop,
        };
        let (module, name) = resolve.wasm_import_name(MANGLING, drop);
        let ty = self.signature(&[WasmType::I32], &[]);
        self.imports
            .import(&module, &name, EntityType::Function(ty));
        self.imported += 1;
    }

    fn export(&mut self, resolve: &Resolve, interface: Option<&WorldKey>, function: &Function) {
        let signature = resolve.wasm_signature(MANGLING.export_variant(), function);
        let ty = self.signature(&signature.params, &signature.results);
        let export = WasmExport::Func {
            interface,
            func: function,
            kind: WasmExportKind::Normal,
        };
        self.trap(&resolve.wasm_export_name(MANGLING, export), ty);
    }

    fn trap(&mut self, name: &str, ty: u32) {
        self.exports
            .export(name, ExportKind::Func, self.imported + self.functions.len());
        self.functions.function(ty);
        let mut body = Body::new([]);
        body.instructions().unreachable().end();
        self.code.function(&body);
    }

    fn signature(&mut self, params: &[WasmType], results: &[WasmType]) -> u32 {
        let ty = self.types.len();
        let core = |types: &[WasmType]| types.iter().map(core_type).collect::<Vec<_>>();
        self.types.ty().function(core(params), core(results));
        ty
    }

    fn finish(mut self, resolve: &Resolve) -> Vec<u8> {
        let realloc = self.signature(&[WasmType::I32; 4], &[WasmType::I32]);
        let name = resolve.wasm_export_name(MANGLING, WasmExport::Realloc);
        self.trap(&name, realloc);
        let name = resolve.wasm_export_name(MANGLING, WasmExport::Memory);
        self.exports.export(&name, ExportKind::Memory, 0);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 0,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.imports)
            .section(&self.functions)
            .section(&memories)
            .section(&self.exports)
            .section(&self.code);
        module.finish()
    }
}

fn core_type(ty: &WasmType) -> ValType {
    match ty {
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
    }
}
