# Booking on the public's pages: held places, groups, change, closures, wait list.
web-booking-people = 人數
web-booking-people-count = { $people ->
    [1] 一人
   *[other] { $people } 人同行
}
web-booking-groups = 尚可容納 { $groups } 組
web-booking-earliest = 各辦事處最早可預約的日期
web-booking-choose = 選擇此時間
web-booking-held-title = 您的時間
web-booking-held = 您填寫本頁期間，我們會為您保留此時間，每次 { $minutes } 分鐘。即使保留期結束，您已填寫的內容仍會保存，只須再選時間。
web-booking-other-slot = 選擇其他時間
web-booking-offers = 請選擇時間
web-booking-same-again = 您原先選擇的時間（如仍有名額）
web-booking-error-just-taken = 此時間剛被預約，請另選時間；您已填寫的內容仍然保留。
web-booking-error-aged = 這類同行者須於今年年滿 65 歲或以上。
web-booking-error-twice = 同一人輸入了兩次。
web-booking-error-companions = 您可帶同一名照顧者、兩名 65 歲或以上人士及兩名殘疾人士。
web-booking-companion = 同行者 { $n }
web-booking-companion-why = 這位人士
web-booking-companion-carer = 是我的照顧者
web-booking-companion-aged = 年滿 65 歲或以上
web-booking-companion-disabled = 是殘疾人士
web-booking-kind-carer = 照顧者
web-booking-kind-aged = 65 歲或以上
web-booking-kind-disabled = 殘疾人士
web-booking-day-shut = 關閉
web-booking-change = 更改時間
web-booking-change-title = 更改預約
web-booking-change-now = 現時預約：
web-booking-change-lead = 取得新的時間之前，您原有的時間會一直保留。
web-booking-change-group = 同組 { $people } 人會一同改期。
web-booking-change-send = 改為此時間
web-booking-change-until = 預約最遲可於 { $days } 個工作天前更改或取消。
web-booking-cancel-all = 取消全部 { $people } 人的預約
web-booking-group-title = 您的同行者
web-booking-group = 您們會一同獲叫號。每位同行者各有預約信及申請表：
web-booking-group-letter = 同行者 { $n } 的預約信（{ $kind }）
web-booking-carried-title = 您預約的時間辦事處關閉
web-booking-carried = 您的預約於其後任何開放日仍然有效，無須重新預約。請帶同此信。
web-booking-suggested = 建議時間：
web-booking-suggested-hint = 您亦可於其他時間前來，但等候時間可能較長。
web-booking-shut-typhoon = { $day }：因颱風關閉。
web-booking-shut-rainstorm = { $day }：因暴雨關閉。
web-booking-shut-power = { $day }：因停電關閉。
web-booking-shut-other = { $day }：部分時間關閉。
web-refusal-too_many_holds = 您的網絡地址正在預約過多時間。請先完成其中一項，或稍後再試。
