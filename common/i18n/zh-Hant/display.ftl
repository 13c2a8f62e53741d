# What the panel in the hall says.
display-title = 現正叫號
display-tag = 籌號
display-place = 請到
display-waiting = 輪候人數：{ $count }
display-nobody = 請稍候，我們會叫喚您的籌號
display-line-lost = 顯示資料未能更新，請留意廣播或向職員查詢。
display-recent = 先前叫號
