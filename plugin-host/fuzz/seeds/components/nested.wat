;; Components in components, instantiated more than once and through aliases.
(component
    (component $leaf
        (core module $m
            (memory (export "memory") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
            (func (export "run") (param i32 i32) (result i32) (i32.const 0)))
        (core instance $i (instantiate $m))
        (func (export "run") (param "input" string) (result string)
            (canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc")))))
    (component $branch
        (alias outer 1 $leaf (component $leaf))
        (instance $a (instantiate $leaf))
        (instance $b (instantiate $leaf))
        (export "left" (instance $a))
        (export "right" (instance $b)))
    (instance $i (instantiate $branch))
    (alias export $i "right" (instance $right))
    (export "fuzz:component/extra@1.0.0" (instance $right))
    (export "run" (func $right "run")))
