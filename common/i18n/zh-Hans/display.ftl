# What the panel in the hall says.
display-title = 现正叫号
display-tag = 筹号
display-place = 请到
display-waiting = 轮候人数：{ $count }
display-nobody = 请稍候，我们会叫号
display-line-lost = 显示信息未能更新，请留意广播或向工作人员查询。
display-recent = 先前叫号
