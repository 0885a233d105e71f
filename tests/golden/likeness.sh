# Tickets are found by their words, what is like one is told, and what is proposed.
quiet import "$root/data/sample" >/dev/null
quiet ticket new --channel phone --title "路由器红灯闪烁，无法上网" --product "NetHome HG8" --name 王女士 \
    --mail wang@example.com "LOS 灯一直是红的" >/dev/null
quiet ticket new --channel phone --title "路由器 LOS 红灯" --product "NetHome HG8" --name 李先生 \
    --mail li@example.com "昨晚开始断网，路由器红灯" >/dev/null
quiet ticket new --channel phone --title "打印机卡纸" --product "PrintWorks MFP" --name 李先生 \
    --mail li@example.com "每次都卡" >/dev/null
af ticket list --text 红灯
af ticket list --text li@example.com
af ticket list --text 000003
af ticket list --text 红灯 --state closed
af ticket list --text zzzz --json
af ticket similar 1
af ticket similar --title "路由器 红灯" --product "NetHome HG8" --mail li@example.com
quiet ticket move 2 take >/dev/null
quiet ticket link 2 NH-0001 >/dev/null
quiet ticket reply 2 "请检查光纤接头。" >/dev/null
quiet ticket move 2 resolve >/dev/null
af ticket similar 1
af ticket similar 1 --json | grep -o '"resolved":.*}\]'
af ticket propose "路由器 红灯，无法上网"
af ticket propose --title zzzz qqqq
af ticket propose
af ticket similar
af ticket similar x
af ticket similar 9
af ticket similar 1 --limit 51
af ticket accuracy
af ticket accuracy --days 0
af stats | grep -A 1 ^index | sed 's/[0-9.]* MiB/N MiB/; s/[0-9]* terms/N terms/; s/[0-9]* segments/N segments/'
af compact | sed 's/[0-9][0-9]*/N/g'
rm -r "$D/index-tickets"
af ticket list --text 红灯
quiet compact >/dev/null
dd if=/dev/zero of="$D/index-tickets/data.mdb" bs=64 count=1 conv=notrunc 2>/dev/null
af check | sed "s|$D|D|"
af ticket list --text 红灯 --limit 1
quiet compact >/dev/null 2>&1
af check
