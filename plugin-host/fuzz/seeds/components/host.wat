;; Imports the host's functions and calls them, in another patch version.
(component
    (import "fuzz:component/host@1.1.3" (instance $host
        (export "ping" (func (param "value" u32) (result u32)))
        (export "join" (func (param "texts" (list string)) (result string)))))
    (core module $libc
        (memory (export "memory") 1)
        (global $top (mut i32) (i32.const 64))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $top)
            (global.set $top (i32.add (global.get $top) (local.get 3)))))
    (core instance $libc (instantiate $libc))
    (core func $ping (canon lower (func $host "ping")))
    (core func $join (canon lower (func $host "join")
        (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core module $m
        (import "libc" "memory" (memory 1))
        (import "host" "ping" (func $ping (param i32) (result i32)))
        (import "host" "join" (func $join (param i32 i32 i32)))
        (func (export "run") (param i32 i32) (result i32)
            (drop (call $ping (local.get 1)))
            (i32.store (i32.const 8) (local.get 0))
            (i32.store (i32.const 12) (local.get 1))
            (call $join (i32.const 8) (i32.const 1) (i32.const 0))
            (i32.const 0)))
    (core instance $i (instantiate $m
        (with "libc" (instance $libc))
        (with "host" (instance
            (export "ping" (func $ping))
            (export "join" (func $join))))))
    (func (export "run") (param "input" string) (result string)
        (canon lift (core func $i "run")
            (memory $libc "memory") (realloc (func $libc "realloc")))))
