;; Hands the host a text from outside its memory, while it starts.
(component
    (import "plugin-host:base/log@0.1.0" (instance $log
        (type $l (enum "error" "warn" "info" "debug" "trace"))
        (export "level" (type $level (eq $l)))
        (type $f (record (field "key" string) (field "value" string)))
        (export "field" (type $field (eq $f)))
        (type $fs (list $field))
        (export "log" (func
            (param "level" $level) (param "message" string) (param "fields" $fs)))))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $log (canon lower (func $log "log") (memory $libc "memory")))
    (core module $m
        (import "host" "log" (func $log (param i32 i32 i32 i32 i32)))
        (memory (export "memory") 1)
        (func $start
            (call $log (i32.const 1) (i32.const -10) (i32.const 100)
                (i32.const 0) (i32.const 0)))
        (start $start)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "run") (param i32 i32) (result i32) (i32.const 0)))
    (core instance $i (instantiate $m (with "host" (instance (export "log" (func $log))))))
    (func (export "run") (param "input" string) (result string)
        (canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc")))))
