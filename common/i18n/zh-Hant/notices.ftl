# 電郵及短訊通知，以及相關網頁的用語。每則短訊須為一段之內，見 test_notice_texts。
notice-short-day = { $month }月{ $day }日
notice-sms-booked = 智能身份證服務：您已預約{ $day }{ $time }，{ $office }。
notice-sms-changed = 智能身份證服務：您的預約已改為{ $day }{ $time }，{ $office }。
notice-sms-carried-over = 智能身份證服務：辦事處當日休息，預約仍然有效，建議您{ $day }{ $time }前往{ $office }。
notice-sms-reminder = 智能身份證服務：請於明天{ $day }{ $time }前往{ $office }，並帶同現有身份證。
notice-sms-cancelled = 智能身份證服務：您{ $day }{ $time }的預約已取消。
notice-sms-submitted = 智能身份證服務：已收到您的申請，預計{ $ready }可領證。如非本人申請，請聯絡辦事處。
notice-sms-approved = 智能身份證服務：您的申請已獲批准，預計{ $ready }可領證。
notice-sms-refused = 智能身份證服務：請就您的申請聯絡辦事處。
notice-sms-ready = 智能身份證服務：您的新證可於{ $office }領取，請帶同現有身份證。
notice-sms-overdue = 智能身份證服務：您的新證仍在{ $office }待領，請盡快領取。
notice-sms-redirected = 智能身份證服務：請到{ $office }領取您的新證。
notice-sms-collected = 智能身份證服務：您的新證已被領取。如非本人領取，請立即聯絡辦事處。
notice-sms-mobile-code = 身份證服務：您的驗證碼是 { $code }，請在服務站輸入。切勿告訴他人，職員不會索取驗證碼。

notice-mail-booked-subject = 已預約
notice-mail-booked =
    您的預約：
    { $day }　{ $time }
    { $office }

    請帶備預約信及現有身份證。
notice-mail-changed-subject = 您的預約已更改
notice-mail-changed =
    您的預約現為：
    { $day }　{ $time }
    { $office }

    原有時段已開放予其他人。
notice-mail-carried-over-subject = 辦事處休息：您的預約仍然有效
notice-mail-carried-over =
    辦事處於您預約當日休息，預約於其後任何一天仍然有效。建議您前來的時間：
    { $day }　{ $time }
    { $office }

    如時間不合適，您可另選時間或辦事處。
notice-mail-reminder-subject = 您的預約在明天
notice-mail-reminder =
    請於明天前來：
    { $day }　{ $time }
    { $office }

    請帶備預約信及現有身份證。
notice-mail-cancelled-subject = 您的預約已取消
notice-mail-cancelled =
    您{ $day }{ $time }的預約已取消，您提供的資料已刪除。
notice-mail-letter-subject = 您的預約信
notice-mail-letter =
    以下是您索取的預約信：
    { $day }　{ $time }
    { $office }
notice-mail-submitted-subject = 已收到您的申請
notice-mail-submitted =
    已收到您的申請。收據編號：{ $receipt }
    預計可領證日期：{ $ready }

    如非本人申請，請立即聯絡辦事處。
notice-mail-approved-subject = 您的申請已獲批准
notice-mail-approved =
    您的申請已獲批准，正在製證。預計可領證日期：{ $ready }
notice-mail-refused-subject = 請聯絡辦事處
notice-mail-refused =
    請就您的申請聯絡辦事處。收據編號：{ $receipt }
notice-mail-ready-subject = 您的新證可以領取
notice-mail-ready =
    您的新身份證可於{ $office }領取。

    請帶同現有身份證或申請香港身份證收據。
notice-mail-overdue-subject = 您的新證仍待領取
notice-mail-overdue =
    您的新身份證仍在{ $office }待領。

    請盡快領取。如未能前來，請聯絡辦事處。
notice-mail-redirected-subject = 您的新證在另一辦事處
notice-mail-redirected =
    請到{ $office }領取您的新身份證。
notice-mail-collected-subject = 您的新證已被領取
notice-mail-collected =
    您的新身份證已被領取，並已生效。您的舊證已失效。

    如非本人領取，請立即聯絡辦事處。
notice-mail-link =
    查看預約信及申請表、更改或取消預約：
    { $link }
notice-mail-confirm =
    這是您的電郵地址嗎？請確認，以便我們日後聯絡您：
    { $link }
notice-mail-foot = 本郵件由系統自動發出。我們不會以電郵索取您的密碼、證件號碼或金錢。
notice-mail-stop =
    如欲停止接收通知：
    { $link }

web-notices-title = 通知
web-notices-lead = 事情有進展時，我們可通知您。您可自行決定，不登記亦可使用所有服務。
web-notices-mail = 電郵地址
web-notices-mail-hint = 例如 name@example.com
web-notices-mobile = 流動電話號碼
web-notices-mobile-hint = 香港號碼八位數字；其他地區請以 + 及地區代碼開頭。
web-notices-topics = 您希望接收哪些通知？
web-notices-topic-appointment = 我的預約
web-notices-topic-appointment-detail = 已預約、已更改、已取消，以及前一天的提示
web-notices-topic-card = 我的申請及新證
web-notices-topic-card-detail = 已收到、已批准、可領取及已領取
web-notices-language = 以哪種語言通知？
web-notices-consent = 我同意你們只為發出上述通知而使用以上聯絡資料。我可隨時停止接收。
web-notices-keep = 如欲停止所有通知，請清空以上聯絡資料並儲存。
web-notices-save = 儲存
web-notices-saved = 已儲存。
web-notices-saved-mail = 已儲存。如電郵地址為新登記，請開啟我們的郵件並確認地址。
web-notices-none = 您現時不會收到通知。
web-notices-back = 返回預約信
web-notices-from-letter = 以電郵或短訊接收通知
web-notices-stop-title = 停止通知
web-notices-stop-lead = 您不希望再以此地址接收通知嗎？
web-notices-stop-send = 停止通知
web-notices-stopped-title = 已停止通知
web-notices-stopped = 您不會再以此地址收到通知。您的預約及申請不受影響。
web-notices-confirm-title = 這是您的電郵地址嗎？
web-notices-confirm-lead = 請確認您在此地址收到我們的郵件。
web-notices-confirm-send = 是，這是我的地址
web-notices-confirmed-title = 多謝
web-notices-confirmed = 地址已確認。
web-error-mail_wrong = 此電郵地址不能使用，請核對。
web-error-number_wrong = 此流動電話號碼不能使用，請核對。
web-error-number_not_mobile = 此號碼不能接收短訊，請輸入流動電話號碼。
web-error-consent = 如您同意，請勾選方格；否則請清空聯絡資料。
web-error-topics = 請至少選擇一項。
