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
af search "$(printf '\u200b\ufeff\u00ad')"
af search "$(printf '\U1f525\ufe0f\U1f5a8')"
af search "$(printf '\u202e\u2066\u200f')"
af search "$(printf '\u202bprinter\u202c \u05d4\u05de\u05d3\u05e4\u05e1\u05ea \u2066offline')" | head -n 2
af search "$(repeat a 1000)"
af search "$(repeat '\xe6\x89\x93' 1000)"
af search "printer $(repeat 'x' 4088)" | head -n 2
af search "printer $(repeat 'x' 4089)" | head -n 2
af ask ''
af ask '   '
for length in 100000 600000 1100000; do
    { printf '{"id":"q","text":"'; repeat x $length; echo '"}'; } >q.jsonl
    echo "question of $length bytes"
    af search --batch q.jsonl
done
echo "every character of the first plane once, in 66 questions, asked twice"
for i in {0..65}; do
    printf '{"id":"q%d","text":"printer ' "$i"
    for ((cp = i * 1000 + 1; cp <= i * 1000 + 1000 && cp < 65536; cp++)); do
        [ $cp -ge 55296 ] && [ $cp -le 57343 ] || printf '\\u%04x' $cp
    done
    echo '"}'
done >q.jsonl
quiet search --batch q.jsonl >one
quiet search --batch q.jsonl >two
echo "$(grep -c ' A-1 1 ' one) find the printer"
cmp one two && echo the same
