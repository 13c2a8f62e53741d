# What the panel in the hall says, and what it calls aloud.
display-title = 現正叫號
display-waiting = 輪候人數
display-nobody = 請稍候，我們會叫喚您的籌號
display-starting = 請稍候
display-line-lost = 顯示資料未能更新，請留意廣播或向職員查詢。
display-recent = 先前叫號
display-place-kiosk = 登記服務站
display-place-booth = 登記室
display-place-counter = 領證櫃位
display-place-other = 位置
display-silent = 暫時沒有聲音，請留意本顯示屏。
display-closing = 辦事處將於 { $time } 關門
display-closed = 辦事處已關門
display-closed-waiting = 辦事處已關門，持有籌號人士仍會獲叫喚。
# Aloud, in the hall: { $tag } is read letter by letter and digit by digit.
display-call-kiosk = 籌號 { $tag }，請到登記服務站 { $place }
display-call-booth = 籌號 { $tag }，請到登記室 { $place }
display-call-counter = 籌號 { $tag }，請到領證櫃位 { $place }
display-call-other = 籌號 { $tag }，請到 { $place }
# Aloud, when many are called at once.
display-call-briefly = { $tag }，{ $place }
