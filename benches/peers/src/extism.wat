;; The guest for Extism. What it is given it copies into its own memory and back
;; out, eight bytes at a time, as Extism's kit for plugins in Rust does.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/user" "ping" (func $ping (param i64) (result i64)))
  (memory 32)

  (func (export "nothing") (result i32)
    (i32.const 0))

  ;; Two numbers of four bytes in, one of eight out.
  (func (export "add") (result i32)
    (local $both i64) (local $out i64)
    (local.set $both (call $input_load_u64 (i64.const 0)))
    (local.set $out (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $out)
      (i64.extend_i32_u
        (i32.add
          (i32.wrap_i64 (local.get $both))
          (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32))))))
    (call $output_set (local.get $out) (i64.const 8))
    (i32.const 0))

  (func (export "echo") (result i32)
    (local $length i64) (local $out i64) (local $at i64)
    (local.set $length (call $input_length))
    (block $done
      (loop $words
        (br_if $done (i64.gt_u (i64.add (local.get $at) (i64.const 8)) (local.get $length)))
        (i64.store (i32.wrap_i64 (local.get $at)) (call $input_load_u64 (local.get $at)))
        (local.set $at (i64.add (local.get $at) (i64.const 8)))
        (br $words)))
    (block $done
      (loop $bytes
        (br_if $done (i64.ge_u (local.get $at) (local.get $length)))
        (i32.store8 (i32.wrap_i64 (local.get $at)) (call $input_load_u8 (local.get $at)))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br $bytes)))
    (local.set $out (call $alloc (local.get $length)))
    (local.set $at (i64.const 0))
    (block $done
      (loop $words
        (br_if $done (i64.gt_u (i64.add (local.get $at) (i64.const 8)) (local.get $length)))
        (call $store_u64
          (i64.add (local.get $out) (local.get $at))
          (i64.load (i32.wrap_i64 (local.get $at))))
        (local.set $at (i64.add (local.get $at) (i64.const 8)))
        (br $words)))
    (block $done
      (loop $bytes
        (br_if $done (i64.ge_u (local.get $at) (local.get $length)))
        (call $store_u8
          (i64.add (local.get $out) (local.get $at))
          (i32.load8_u (i32.wrap_i64 (local.get $at))))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br $bytes)))
    (call $output_set (local.get $out) (local.get $length))
    (i32.const 0))

  ;; How often in eight bytes, and eight bytes out.
  (func (export "ping") (result i32)
    (local $times i64) (local $i i64) (local $sum i64) (local $out i64)
    (local.set $times (call $input_load_u64 (i64.const 0)))
    (block $done
      (loop $again
        (br_if $done (i64.ge_u (local.get $i) (local.get $times)))
        (local.set $sum (i64.xor (local.get $sum) (call $ping (local.get $i))))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (br $again)))
    (local.set $out (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $out) (local.get $sum))
    (call $output_set (local.get $out) (i64.const 8))
    (i32.const 0)))
