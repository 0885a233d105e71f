# Many questions at once: TREC lines, scores that strictly fall, bad lines named.
quiet import "$root/data/sample" >/dev/null
{
    echo '{"id":"q 1","text":"wifi keeps dropping"}'
    echo '{"id":"q2","text":"qqqqqqqqq"}'
    echo 'not JSON'
    echo '{"id":"q3"}'
    echo '{"text":"no id"}'
    echo '{"id":"q4","text":"E-013"}'
} >q.jsonl
af search --batch q.jsonl --limit 1 --run tuning | sed -E 's/ [0-9]\.[0-9]{6} / <score> /'
cat q.jsonl | quiet search --batch - --limit 1 2>/dev/null | cut -d ' ' -f 1-4
echo '{"id":"A 9","title":"An id with a blank"}' | quiet import - >/dev/null
echo '{"id":"x","text":"blank id"}' | quiet search --batch - --limit 1 | cut -d ' ' -f 1-4
{ sed -n 's/.*"title": *"\([^"]*\)".*/{"id":"t","text":"\1"}/p' "$root"/data/sample/*.jsonl; } >titles.jsonl
quiet search --batch titles.jsonl | awk '$4 == 1 { last = 2 } $5 >= last { bad++ } { last = $5; n++ } END { print (n > 300) " enough lines, " bad + 0 " scores that do not fall" }'
af search --batch missing.jsonl
