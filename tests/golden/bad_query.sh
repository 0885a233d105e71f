# Questions that say nothing, or too much.
repeat() { head -c "$2" /dev/zero | sed "s/\x0/$1/g"; }
echo '{"id":"A-1","title":"The printer is offline"}' | quiet import - >/dev/null
af search ''
af search '   '
af search ' 	　 '
af search '!?...'
af search --json ''
af search "$(printf 'printer \xff\xfe offline')" | head -n 2
af search "$(repeat 'printer ' 10000)" | head -n 2
af search "$(repeat '\xcc\x81' 30000)"
af search '"printer is'
af search '\"' -- --limit
af ask ''
af ask '   '
for length in 100000 600000 1100000; do
    { printf '{"id":"q","text":"'; repeat x $length; echo '"}'; } >q.jsonl
    echo "question of $length bytes"
    af search --batch q.jsonl
done
