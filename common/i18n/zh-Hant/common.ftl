# 每個服務站的用語。
common-station = 智能身份證服務
common-step = 第 { $step } 步，共 { $steps } 步
common-larger-text = 放大字體
common-smaller-text = 標準字體
common-high-contrast = 高對比度
common-normal-contrast = 標準顏色
common-call-staff = 呼叫職員
common-back = 返回
common-next = 下一步
common-confirm = 確認
common-cancel = 取消
common-yes = 是
common-no = 否
common-finish = 完成
common-start-over = 重新開始
common-try-again = 再試一次
common-continue = 繼續
common-key-clear = 清除
common-key-delete = 刪除
common-key-space = 空格
common-live-view = 鏡頭影像
common-more-time-question = 您需要更多時間嗎？
common-more-time-countdown = 服務將於 { $seconds } 秒後結束，您的資料會從屏幕清除。
common-more-time = 是，需要更多時間
common-please-wait = 請稍候
common-starting = 本服務站正在啟動
common-not-sensible = 請核對後再試
common-counter-title = 請到櫃位
common-counter-nothing-lost = 毋須重做已完成的步驟。
common-counter-tag = 您的籌號
common-out-of-service-title = 本服務站暫停服務
common-out-of-service-detail = 請使用另一部服務站，或向職員查詢。
common-out-of-service-taken-out = 請使用另一部服務站。職員：請通知技術員。
common-staff-told = 已通知職員。
common-staff-told-wait = 已通知職員。如未能前往，請在此等候。
common-card-stuck = 身份證卡住了，請通知職員前來。
common-card-stuck-told = 身份證卡住了，請在此稍候，職員即將前來。
common-card-late = 您的身份證仍在插卡口，請取回，或向職員查詢。
common-card-late-told = 您的身份證仍在插卡口，已通知職員。
common-take-card-title = 請取回身份證
common-take-card-detail = 身份證在插卡口。
common-working = 正在處理
common-counter-place = 櫃位
common-counter-unforeseen = 本服務站未能完成步驟，職員會協助您。
common-scroll-down = 向下
common-scroll-up = 返回頂部

# Fingers
common-finger-1 = 右手拇指
common-finger-2 = 右手食指
common-finger-3 = 右手中指
common-finger-4 = 右手無名指
common-finger-5 = 右手尾指
common-finger-6 = 左手拇指
common-finger-7 = 左手食指
common-finger-8 = 左手中指
common-finger-9 = 左手無名指
common-finger-10 = 左手尾指

## The design system

common-controls-lower = 按鈕移低
common-controls-usual = 按鈕還原
common-read-on = 繼續閱讀
# Languages the office helps in
common-languages = 其他語言
# Speech and keypad
common-speech-intro = 語音已開啟。請使用耳機插孔旁的按鍵。按上、下鍵逐項移動，按確定鍵選取。按左、右鍵逐行收聽。按說明鍵重讀本頁；連按兩次可重聽這段說明。按音量鍵可調校聲量。
common-speech-choices = 共有 { $count } 個選項。按下鍵到第一項。
common-speech-place = 第 { $at } 項，共 { $count } 項
common-speech-button = 按鈕
common-speech-field = 輸入欄
common-speech-chosen = 已選取
common-speech-not-chosen = 未選取
common-speech-unavailable = 暫未能使用
common-speech-pad = 輸入鍵。按左、右鍵尋找字元，按確定鍵輸入。
common-speech-options = 有 { $count } 個選擇。按左、右鍵瀏覽，按確定鍵選取。
common-speech-entered = { $count ->
    [0] 尚未輸入
   *[other] 已輸入 { $count } 個字元
}
common-speech-volume = 聲量 { $step }，最高 { $steps }
common-speech-speed = 語音速度 { $step }，最快 { $steps }。按左鍵減慢，按右鍵加快。
common-speech-no-back = 此處不能返回。
common-speech-any-key = 按任何鍵繼續。
common-speech-seconds = 尚餘 { $seconds } 秒。
common-speech-language = 語言
common-speech-sign-stop = 句點
common-speech-sign-comma = 逗號
common-speech-sign-hyphen = 連字號
common-speech-sign-slash = 斜線
common-speech-sign-apostrophe = 撇號
# 提示聲及其字幕
common-tone = 取出前會持續發出提示聲。

# Number and year of birth are typed
common-number-title = 請輸入身份證號碼
common-number-subtitle = 毋須輸入括號，例如 A1234563。
common-number-label = 身份證號碼
common-number-hint = 英文字母及數字
common-number-error = 號碼不正確，請核對每個字母和數字。
common-number-wrong = 找不到紀錄，請重新輸入。尚餘次數：{ $left }
common-year-title = 您在哪一年出生？
common-year-subtitle = 以免他人佔用您的名額。
common-year-label = 出生年份
common-year-hint = 四位數字
common-year-error = 請輸入四位數字，例如 1980。

# Days and hours of the office
common-weekday-0 = 星期一
common-weekday-1 = 星期二
common-weekday-2 = 星期三
common-weekday-3 = 星期四
common-weekday-4 = 星期五
common-weekday-5 = 星期六
common-weekday-6 = 星期日
common-slot = { $month }月{ $day }日（{ $weekday }）{ $hour }
common-day = { $month }月{ $day }日（{ $weekday }）
common-date = { $year }年{ $month }月{ $day }日
