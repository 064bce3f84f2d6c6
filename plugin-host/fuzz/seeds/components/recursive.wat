;; Recurses without end, in a function with a mangled name, and passes its time
;; with every kind of instruction.
(component
    (core module $m
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func $_RNvCs1234_7mycrate3foo (export "run") (param i32 i32) (result i32)
            (local f32 f64 v128)
            (local.set 2 (f32.sqrt (f32.convert_i32_u (local.get 0))))
            (local.set 3 (f64.promote_f32 (local.get 2)))
            (local.set 4 (i8x16.splat (local.get 1)))
            (memory.fill (i32.const 0) (local.get 0) (i32.const 16))
            (block (br_table 0 0 (local.get 1)))
            (if (i32.eqz (local.get 0)) (then unreachable))
            (call $_RNvCs1234_7mycrate3foo
                (i32.trunc_sat_f64_u (local.get 3)) (i32.popcnt (local.get 1)))))
    (core instance $i (instantiate $m))
    (func (export "run") (param "input" string) (result string)
        (canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc")))))
