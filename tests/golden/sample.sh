# The sample library: taken in, found in its four languages.
af import "$root/data/sample"
af import --json "$root/data/sample"
top 1 wifi keeps dropping
top 1 家里突然连不上网 路由器 LOS 灯
top 1 印表機 缺紙 E-013
top 1 プリンター オフライン
top 1 ORA-12541
top 1 ora12541
top 1 E-013 --lang zh-Hant
top 1 E-013 --lang zh-Hans
top 1 password --product LedgerCloud
top 3 密码 --product "no such product"
af search --json --limit 1 ORA-12541 | grep -o '"[a-z_]*":' | tr -d '\n'
echo
af search qqqqqqqq zzzzzzzzz
af search --json qqqqqqqq
af stats --json | sed 's/"\(bytes\|segment_bytes\|pages\|terms\|reserve_bytes\|last_txn\|readers\)":[0-9]*/"\1":N/g'
af case show NH-0001 --json | grep -o '"[a-z_]*":' | tr -d '\n'
echo
af case list --limit 2
af check
