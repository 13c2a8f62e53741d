# What the panel in the hall says, and what it calls aloud.
display-title = 现正叫号
display-waiting = 轮候人数
display-nobody = 请稍候，我们会叫号
display-starting = 请稍候
display-line-lost = 显示信息未能更新，请留意广播或向工作人员查询。
display-recent = 先前叫号
display-place-kiosk = 登记服务站
display-place-booth = 登记室
display-place-counter = 领证柜位
display-place-other = 位置
display-silent = 暂时没有声音，请留意本显示屏。
display-closing = 办事处将于 { $time } 关门
display-closed = 办事处已关门
display-closed-waiting = 办事处已关门，持有筹号人士仍会获叫号。
# Aloud, in the hall: { $tag } is read letter by letter and digit by digit.
display-call-kiosk = 筹号 { $tag }，请到登记服务站 { $place }
display-call-booth = 筹号 { $tag }，请到登记室 { $place }
display-call-counter = 筹号 { $tag }，请到领证柜位 { $place }
display-call-other = 筹号 { $tag }，请到 { $place }
# Aloud, when many are called at once.
display-call-briefly = { $tag }，{ $place }
