# Booking on the public's pages: held places, groups, change, closures, wait list.
web-booking-people = 人数
web-booking-people-count = { $people ->
    [1] 一人
   *[other] { $people } 人同行
}
web-booking-groups = 尚可容纳 { $groups } 组
web-booking-earliest = 各办事处最早可预约的日期
web-booking-choose = 选择此时间
web-booking-held-title = 您的时间
web-booking-held = 您填写本页期间，我们会为您保留此时间，每次 { $minutes } 分钟。即使保留期结束，您已填写的内容仍会保存，只须再选时间。
web-booking-other-slot = 选择其他时间
web-booking-offers = 请选择时间
web-booking-same-again = 您原先选择的时间（如仍有名额）
web-booking-error-just-taken = 此时间刚被预约，请另选时间；您已填写的内容仍然保留。
web-booking-error-aged = 这类同行者须于今年年满 65 岁或以上。
web-booking-error-twice = 同一人输入了两次。
web-booking-error-companions = 您可带同一名照顾者、两名 65 岁或以上人士及两名残疾人士。
web-booking-companion = 同行者 { $n }
web-booking-companion-why = 这位人士
web-booking-companion-carer = 是我的照顾者
web-booking-companion-aged = 年满 65 岁或以上
web-booking-companion-disabled = 是残疾人士
web-booking-kind-carer = 照顾者
web-booking-kind-aged = 65 岁或以上
web-booking-kind-disabled = 残疾人士
web-booking-day-shut = 关闭
web-booking-change = 更改时间
web-booking-change-title = 更改预约
web-booking-change-now = 现时预约：
web-booking-change-lead = 取得新的时间之前，您原有的时间会一直保留。
web-booking-change-group = 同组 { $people } 人会一同改期。
web-booking-change-send = 改为此时间
web-booking-change-until = 预约最迟可于 { $days } 个工作日前更改或取消。
web-booking-cancel-all = 取消全部 { $people } 人的预约
web-booking-group-title = 您的同行者
web-booking-group = 你们会一同被叫号。每位同行者各有预约信及申请表：
web-booking-group-letter = 同行者 { $n } 的预约信（{ $kind }）
web-booking-carried-title = 您预约的时间办事处关闭
web-booking-carried = 您的预约于其后任何开放日仍然有效，无须重新预约。请带同此信。
web-booking-suggested = 建议时间：
web-booking-suggested-hint = 您也可以在其他时间前来，但等候时间可能较长。
web-booking-shut-typhoon = { $day }：因台风关闭。
web-booking-shut-rainstorm = { $day }：因暴雨关闭。
web-booking-shut-power = { $day }：因停电关闭。
web-booking-shut-other = { $day }：部分时间关闭。
web-refusal-too_many_holds = 您的网络地址正在预约过多时间。请先完成其中一项，或稍后再试。
