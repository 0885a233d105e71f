# SIGINT in the middle of an import: what was read is stored whole, and a repeat continues.
cat "$root"/data/sample/*.jsonl >all.jsonl
mkfifo pipe
"$ASKFIRST" --data "$D" import pipe >out 2>&1 &
import=$!
exec 3>pipe
head -n 40 all.jsonl >&3
for _ in $(seq 100); do [ -d "$D/store" ] && break; sleep 0.1; done
sleep 0.3
kill -INT $import
wait $import
echo "exit $?"
exec 3>&-
sed 's/^[0-9]* cases read: [0-9]* added/N cases read: N added/' out
af check
af import all.jsonl | sed 's/read: [0-9]* added\(.*\), [0-9]* unchanged/read: N added\1, N unchanged/'
af stats | sed -n 3p
