# A folder that one may read and not write: reading works, writing says why not.
quiet import "$root/data/sample/en.jsonl" >/dev/null
cp "$ASKFIRST" "$root/data/sample/ja.jsonl" . # the clone may be where only its owner reads
chmod -R a+rX,a-w "$D"
chmod 755 "$W"
go() {
    echo "$ askfirst $*"
    unprivileged ./askfirst --data "$D" "$@" 2>&1
    code=$?
    [ $code -eq 0 ] || echo "[exit $code]"
}
go search --limit 1 wifi keeps dropping | sed -n 1,3p
go stats | sed -n 1,3p
go check
go import ja.jsonl
go ask printer
go serve --listen 127.0.0.1:0
"$ASKFIRST" --data /proc/nowhere import "$root/data/sample/ja.jsonl"
echo "[exit $?]"
