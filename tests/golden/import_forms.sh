# Every form of file, packed or not; ids and languages that are made; versions.
cat >a.jsonl <<'END'
{"id":"A-1","title":"The router restarts every night","product":"NetHome HG8"}
{"title":"Der Drucker meldet Papierstau, obwohl kein Papier darin steckt","custom":{"kept":[1,2.5,null]}}

{"id":"A-3","title":"打印机脱机","lang":"zh-Hans","category":["打印","连接"]}
END
af import a.jsonl
gzip -k a.jsonl
zstd -q a.jsonl 2>/dev/null || cp a.jsonl.gz a.jsonl.zst
af import a.jsonl.gz a.jsonl.zst
{ printf '\357\273\277'; sed 's/$/\r/' a.jsonl; } | af import -
sed 's/every night/at noon/' a.jsonl >b.jsonl
af import b.jsonl
af case show A-1
af case show A-1 --version 1 | sed -n 2p
quiet dump --cases

echo '--- CSV'
{
    printf '\357\273\277id,title,category,keywords,text\r\n'
    printf 'C-1,"A ""quoted"" title, with a comma",打印; 连接,a；b,"two\r\nlines"\r\n'
    printf 'C-2,too,few\r\n'
    printf 'C-3,"text"behind,,,\r\n'
    printf ',no id,,,x\r\n'
    printf 'C-5,"never closed,,,\r\n'
} >t.csv
af import t.csv
af case show C-1
printf 'id;title\nD-1;semicolons, with a comma\n' >s.csv
af import s.csv
af case show D-1
printf 'number,name\n1,x\n' >n.csv
af import n.csv

echo '--- Markdown'
mkdir -p kb/网络/路由器 kb/.hidden
printf -- '---\nproduct: NetHome HG8\ncategory: [Own, Choice]\nkeywords:\n  - wifi\n  - "drop"\n---\n# Wi-Fi drops\n\nMove the *router*.\n' >kb/wifi.md
printf '光猫 LOS 灯红\n====\n\n检查尾纤。\n' >kb/网络/路由器/los.md
printf 'The whole file is only text and it has not got any heading.\n' >kb/网络/plain.txt
printf 'x' >kb/.hidden/secret.md
printf 'x' >'kb/~$open.md'
printf '# About this folder\n' >kb/README.md
printf 'binary\0' >kb/picture.png
ln -s / kb/link
cp a.jsonl kb/more.jsonl
af import kb
printf '光猫 LOS 灯红\n====\n\n先检查尾纤，再报修。\n' >kb/网络/路由器/los.md
af import kb/
af case show kb/网络/路由器/los
af case show kb/wifi
af case show kb/网络/plain
printf -- '---\nproduct NetHome\n---\ntext\n' >bad.md
printf -- '---\nproduct: x\ntext\n' >open.md
af import bad.md open.md
mkdir empty
af import empty
echo '--- one case'
echo '{"id":"P-1","title":"One","lang":"en"}' | af case put -
echo '{"id":"P-1","title":"One","lang":"en"}' | af case put -
quiet case show P-1 --json | sed 's/One/Two/' | af case put - --if-version 1
echo '{"id":"P-1","title":"Three","lang":"en"}' | af case put - --if-version 1
echo '{"id":"P-1","title":"Three","lang":"en"}' | af case put - --if-version 0
echo '{"id":"P-1"}' | af case put -
af check
