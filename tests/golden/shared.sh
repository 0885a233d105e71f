# Two at once: a second server is refused; commands work beside a server.
quiet import "$root/data/sample/en.jsonl" >/dev/null
"$ASKFIRST" --data "$D" serve --listen 127.0.0.1:0 2>server.log &
server=$!
for _ in $(seq 100); do grep -q listening server.log && break; sleep 0.1; done
grep listening server.log
af serve --listen 127.0.0.1:0
af import "$root/data/sample/ja.jsonl"
top 1 プリンター オフライン
af stats | sed -n 3p
af backup copy | sed 's/[0-9]* bytes/N bytes/'
kill -TERM $server
wait $server
echo "server: exit $?"
af serve --listen nonsense
af check
