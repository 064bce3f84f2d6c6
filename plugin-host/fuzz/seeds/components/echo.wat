;; Fits the world, and answers.
(component
    (core module $m
        (memory (export "memory") 1)
        (global $top (mut i32) (i32.const 64))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $top)
            (global.set $top (i32.add (global.get $top) (local.get 3))))
        (func (export "run") (param i32 i32) (result i32)
            (i32.store (i32.const 0) (local.get 0))
            (i32.store (i32.const 4) (local.get 1))
            (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "run") (param "input" string) (result string)
        (canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc"))))
    (@custom "plugin-host:manifest" "\01\00\00\00\38\00\00\00{\22id\22:\22seed\22,\22version\22:\221.0.0\22,\22host\22:{\22fuzz\22:\22^1.1.0\22}}"))
