# The draft of a case from a ticket, stored as a case, which resolves the ticket.
quiet ticket new --channel phone --title "路由器红灯 E-013" --product "NetHome HG8" --name 王小美 \
    --mail wang@example.com --phone "138 0013 8000" "我是王小美，电话13800138000，LOS 灯一直是红的" >/dev/null
quiet ticket reply 1 "请检查光纤接头。" >/dev/null
quiet ticket reply 1 --internal "客户很急" >/dev/null
af ticket draft-case 1
quiet ticket draft-case 1 | sed 's/{/{"id":"N-1",/' | af case put -
af search 路由器红灯
quiet ticket link 1 N-1 --role resolved_by >/dev/null
af ticket show 1 | grep -c N-1
af ticket draft-case 9
af ticket draft-case x
af ticket draft-case
