# The library's own words for the same: set, shown, tried, used, refused, carried.
quiet import "$root/data/sample" >/dev/null
af vocabulary show
printf '%s\n' '# ours' 'HG8, NetHome box' '~ zh: 卡顿, 很慢' 'tablet > PC' '? please advise' '- 程序' >words
af vocabulary set words
af vocabulary set words --if-version 7
af vocabulary show
af vocabulary show --json
af vocabulary test '請問 印表機 HG8 please advise'
af vocabulary test --json HG8
af vocabulary test nothing known here
quiet search --json --limit 1 NetHome box | grep -o '"reasons":[^]]*]'
quiet search --json --limit 1 印表機卡紙 | grep -o '"reasons":[^]]*]'
quiet vocabulary show --shipped | grep -E '^(滑鼠|sign in|how do i|[?] how do i)' | head -n 3
for line in one 'a, b' 'fr: mot, parole' '? a1 > b1' '~'; do
    echo "$line" | af vocabulary set -
done
printf 'a\0b, c d\n' | af vocabulary set -
af vocabulary set missing
af vocabulary set
echo '--- carried'
quiet dump >dump.jsonl
"$ASKFIRST" --data "$W/two" load dump.jsonl
"$ASKFIRST" --data "$W/two" vocabulary show | cmp - words && echo equal
"$ASKFIRST" --data "$W/two" check
quiet backup copy >/dev/null
"$ASKFIRST" --data copy vocabulary show | cmp - words && echo equal
grep -o '"vocabulary":[0-9]*' copy/manifest.json
af check
