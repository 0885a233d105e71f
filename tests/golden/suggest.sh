# What an unfinished question may become, and first letters as a question.
quiet import "$root/data/sample"
af suggest 路由
af suggest luyouq
af suggest "lu'you'q"
af suggest lyq
af suggest --limit 2 prin
af suggest --lang ja ru-ta-
af suggest e-01
af suggest --product "PrintWorks MFP" 打
af suggest zzzz
af suggest --limit 9 a
af suggest
af --json suggest せってい | sed "s/\"took_ms\":[0-9.e-]*/\"took_ms\":<ms>/"
af search --limit 2 lyq
af --json search --limit 1 lyq | grep -oE "\"(read_as|reasons)\":[^]]*]?" | cut -c 1-60
