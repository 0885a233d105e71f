# Lines that cannot be taken are named and passed over; the good ones around them are stored.
repeat() { head -c "$2" /dev/zero | sed "s/\x0/$1/g"; }
{
    echo '{"id":"good-1","title":"First good case"}'
    printf '{"id":"b","title":"bad utf-8 \xff\xfe"}\n'
    printf '{"id":"b","title":"a NUL \x00 here"}\n'
    printf '\xb4\xf2\xd3\xa1\xbb\xfa\n'
    echo '{"id":"b","title":"escaped NUL \u0000"}'
    echo '{"id":"b","title":"lone surrogate \ud800"}'
    echo '{"id":"b","title":"x","title":"y"}'
    echo 'not JSON'
    echo '[1,2]'
    echo '"text"'
    echo '{"id":"b"}'
    echo '{"id":"b","title":"   "}'
    echo '{"id":"b","title":42}'
    echo '{"id":["b"],"title":"x"}'
    echo '{"id":"b\n","title":"x"}'
    echo '{"id":"b","title":"x","lang":"中文"}'
    echo '{"id":"b","title":"x","audience":"everybody"}'
    echo '{"id":"b","title":"x","created":"yesterday"}'
    echo '{"id":"b","title":"x","category":[1]}'
    echo '{"id":"b","title":"cut'
    echo '{"id":"good-2","title":"Second good case","error_code":["0x80070005"]}'
} >bad.jsonl
af import --json bad.jsonl
top 3 good case
top 1 0x80070005

echo '--- sizes'
{
    repeat '[' 10000
    echo
    printf '{"id":"n","title":"x","deep":'
    repeat '[' 10000
    repeat ']' 10000
    echo '}'
    printf '{"id":"token","title":"One token","text":"%s"}\n' "$(repeat a 1048576)"
    printf '{"id":"marks","title":"%s"}\n' "$(repeat '\xcc\x81' 65536)"
    printf '{"id":"marks-in-text","title":"Marks","text":"e%s"}\n' "$(repeat '\xcc\x81' 65536)"
    printf '{"id":"%s","title":"long id"}\n' "$(repeat i 401)"
    printf '{"id":"long","title":"x","text":"%s"}\n' "$(repeat b 5000000)"
    printf '{"id":"bomb","title":"\xef\xb7\xba\xef\xb7\xba","text":"%s"}\n' "$(repeat '\xef\xb7\xba' 20000)"
    printf '{"id":"bidi","title":"pay \xe2\x80\xaedesrever\xe2\x80\xac now"}\n'
    printf '{"id":"escape","title":"\\u001b[31mred\\u0007"}\n'
    echo '{"id":"last","title":"Still here"}'
} >big.jsonl
af import --json big.jsonl
top 2 still here
af search desrever | head -n 2 | od -An -c | grep -c '342 200 256'
af case show escape | od -An -c | grep -c 033
top 1 marks
af import --json missing.jsonl

echo '--- files'
: >empty.jsonl
printf '\377\376{\0"\0' >utf16.jsonl
gzip -c big.jsonl | head -c 2000 >cut.jsonl.gz
printf '\x28\xb5\x2f\xfd garbage' >bad.jsonl.zst
mkdir locked
echo '{"title":"x"}' >locked/x.jsonl
chmod 755 "$W"
af import empty.jsonl
af import missing.jsonl
af import utf16.jsonl
af import cut.jsonl.gz
af import bad.jsonl.zst
af import missing.jsonl bad.jsonl.zst bad.jsonl 2>&1 | tail -n 2
af import /dev/null
cp "$ASKFIRST" ./askfirst
chmod 700 locked
echo "$ import an unreadable folder"
unprivileged ./askfirst --data "$W/nowhere" import locked 2>&1
echo "[exit $?]"
af check
