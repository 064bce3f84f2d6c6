;; Loops while it starts, with tables, memories and data.
(component
    (core module $m
        (memory (export "memory") 1)
        (memory 2 4)
        (table 10 100 funcref)
        (elem (i32.const 3) $start $start)
        (data (i32.const 0) "\ff\fe")
        (data "passive")
        (global (mut i64) (i64.const 7))
        (func $start
            (drop (memory.grow 1 (i32.const 1)))
            (drop (table.grow (ref.null func) (i32.const 5)))
            (loop (br 0)))
        (start $start)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "run") (param i32 i32) (result i32)
            (call_indirect (i32.const 3))
            (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "run") (param "input" string) (result string)
        (canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc")))))
