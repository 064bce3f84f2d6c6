(import "fuzz:sequence/host@0.1.0" (instance $host
    (export "mood" (func (result u32)))
    (export "ping" (func (param "value" u32) (result u32)))
    (export "work" (func (param "fuel" u64)))
    (export "refuse" (func))
    (export "boom" (func))))
(import "plugin-host:base/log@0.1.0" (instance $log
    (type $l (enum "error" "warn" "info" "debug" "trace"))
    (export "level" (type $level (eq $l)))
    (type $f (record (field "key" string) (field "value" string)))
    (export "field" (type $field (eq $f)))
    (type $fs (list $field))
    (export "log" (func (param "level" $level) (param "message" string) (param "fields" $fs)))))
(import "plugin-host:base/panic@0.1.0" (instance $panic
    (type $p (record (field "file" string) (field "line" u32) (field "column" u32)))
    (export "place" (type $place (eq $p)))
    (type $o (option $place))
    (export "report" (func (param "message" string) (param "place" $o)))))
