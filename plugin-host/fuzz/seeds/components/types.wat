;; Every kind of type, and names that do not fit the host's.
(component
    (import "fuzz:component/host@2.0.0" (instance
        (export "cart" (type $cart (sub resource)))
        (export "[constructor]cart" (func (param "size" u32) (result (own $cart))))
        (export "[method]cart.add" (func (param "self" (borrow $cart)) (param "item" string)))
        (export "[static]cart.none" (func (result (option (own $cart)))))))
    (import "fuzz:component/host@1.9.0-rc.1+build" (instance
        (export "ping" (func (param "value" u32) (result u32)))
        (export "pong" (func))))
    (import "types" (instance
        (type $r (record (field "a" u8) (field "b" (tuple s64 f32 char))))
        (export "r" (type (eq $r)))
        (type $v (variant (case "none") (case "some" (list string))))
        (export "v" (type (eq $v)))
        (type $f (flags "x" "y" "z"))
        (export "f" (type (eq $f)))
        (type $e (enum "one" "two"))
        (export "e" (type (eq $e)))
        (type $o (result (option bool) (error string)))
        (export "o" (type (eq $o)))))
    (import "a-module" (core module
        (import "env" "memory" (memory 1))
        (export "f" (func (param i32) (result i64)))))
    (import "a-component" (component (export "f" (func))))
    (import "a-function" (func (param "x" s8) (result f64)))
    (type $own (resource (rep i32)))
    (export "own" (type $own)))
