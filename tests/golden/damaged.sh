# Stores that cannot be used: newer, cut off, overwritten, not ours. One sentence each; check
# finds what reading does not touch. Nothing of it may crash.
quiet import "$root/data/sample" >/dev/null
af check
poke() { # FILE OFFSET BYTES
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
try() {
    rm -rf "$W/broken"
    cp -r "$D" "$W/broken"
    echo "--- $1"
    "$2"
    local code
    for command in "check" "search printer" "stats" "import $root/data/sample/en.jsonl"; do
        "$ASKFIRST" --data "$W/broken" $command >out 2>&1
        code=$?
        [ $code -gt 1 ] && echo "$command: exit $code"
        [ "$command" = check ] && sed -E -e "s#$W#W#" -e 's/[0-9]+/N/g' out | head -n "${lines:-3}" && echo "[exit $code]"
    done
    [ "${said:-}" = yes ] && "$ASKFIRST" --data "$W/broken" search printer 2>&1 | head -n 1
}
store=$W/broken/store/data.mdb
newer_lmdb() { poke "$store" 20 '\x02'; poke "$store" 4116 '\x02'; }
cut_off() { truncate -s 20000 "$store"; }
not_ours() { seq 100000 >"$store"; }
emptied() { : >"$store"; }
index_gone() { rm -rf "$W/broken/index"; }
index_rubbish() { seq 100000 >"$W/broken/index/data.mdb"; }
said=yes
try "another format of LMDB" newer_lmdb
try "cut off" cut_off
try "not a store" not_ours
try "index removed" index_gone 
said=no
try "index overwritten" index_rubbish
lines=0
for page in 3 5 8 11 14 17 20 25 30; do
    flip() { poke "$store" $((page * 4096 + 1000)) '\xa5\x5a\xa5\x5a'; }
    try "flipped bytes in page $page" flip >said_of_page 2>&1
    grep -E '^(search|stats|import).*: exit' said_of_page
done
echo "no command ended with another code than 0 or 1"
