# 电邮及短信通知，以及相关网页的用语。每则短信须为一段之内，见 test_notice_texts。
notice-short-day = { $month }月{ $day }日
notice-sms-booked = 智能身份证服务：您已预约{ $day }{ $time }，{ $office }。
notice-sms-changed = 智能身份证服务：您的预约已改为{ $day }{ $time }，{ $office }。
notice-sms-carried-over = 智能身份证服务：办事处当日休息，预约仍然有效，建议您{ $day }{ $time }前往{ $office }。
notice-sms-reminder = 智能身份证服务：请于明天{ $day }{ $time }前往{ $office }，并带同现有身份证。
notice-sms-cancelled = 智能身份证服务：您{ $day }{ $time }的预约已取消。
notice-sms-submitted = 智能身份证服务：已收到您的申请，预计{ $ready }可领证。如非本人申请，请联系办事处。
notice-sms-approved = 智能身份证服务：您的申请已获批准，预计{ $ready }可领证。
notice-sms-refused = 智能身份证服务：请就您的申请联系办事处。
notice-sms-ready = 智能身份证服务：您的新证可于{ $office }领取，请带同现有身份证。
notice-sms-overdue = 智能身份证服务：您的新证仍在{ $office }待领，请尽快领取。
notice-sms-redirected = 智能身份证服务：请到{ $office }领取您的新证。
notice-sms-collected = 智能身份证服务：您的新证已被领取。如非本人领取，请立即联系办事处。
notice-sms-mobile-code = 身份证服务：您的验证码是 { $code }，请在服务站输入。切勿告诉他人，工作人员不会索取验证码。

notice-mail-booked-subject = 已预约
notice-mail-booked =
    您的预约：
    { $day }　{ $time }
    { $office }

    请带备预约信及现有身份证。
notice-mail-changed-subject = 您的预约已更改
notice-mail-changed =
    您的预约现为：
    { $day }　{ $time }
    { $office }

    原有时段已开放给其他人。
notice-mail-carried-over-subject = 办事处休息：您的预约仍然有效
notice-mail-carried-over =
    办事处于您预约当日休息，预约于其后任何一天仍然有效。建议您前来的时间：
    { $day }　{ $time }
    { $office }

    如时间不合适，您可另选时间或办事处。
notice-mail-reminder-subject = 您的预约在明天
notice-mail-reminder =
    请于明天前来：
    { $day }　{ $time }
    { $office }

    请带备预约信及现有身份证。
notice-mail-cancelled-subject = 您的预约已取消
notice-mail-cancelled =
    您{ $day }{ $time }的预约已取消，您提供的资料已删除。
notice-mail-letter-subject = 您的预约信
notice-mail-letter =
    以下是您索取的预约信：
    { $day }　{ $time }
    { $office }
notice-mail-submitted-subject = 已收到您的申请
notice-mail-submitted =
    已收到您的申请。收据编号：{ $receipt }
    预计可领证日期：{ $ready }

    如非本人申请，请立即联系办事处。
notice-mail-approved-subject = 您的申请已获批准
notice-mail-approved =
    您的申请已获批准，正在制证。预计可领证日期：{ $ready }
notice-mail-refused-subject = 请联系办事处
notice-mail-refused =
    请就您的申请联系办事处。收据编号：{ $receipt }
notice-mail-ready-subject = 您的新证可以领取
notice-mail-ready =
    您的新身份证可于{ $office }领取。

    请带同现有身份证或申请香港身份证收据。
notice-mail-overdue-subject = 您的新证仍待领取
notice-mail-overdue =
    您的新身份证仍在{ $office }待领。

    请尽快领取。如未能前来，请联系办事处。
notice-mail-redirected-subject = 您的新证在另一办事处
notice-mail-redirected =
    请到{ $office }领取您的新身份证。
notice-mail-collected-subject = 您的新证已被领取
notice-mail-collected =
    您的新身份证已被领取，并已生效。您的旧证已失效。

    如非本人领取，请立即联系办事处。
notice-mail-link =
    查看预约信及申请表、更改或取消预约：
    { $link }
notice-mail-confirm =
    这是您的电邮地址吗？请确认，以便我们日后联系您：
    { $link }
notice-mail-foot = 本邮件由系统自动发出。我们不会以电邮索取您的密码、证件号码或金钱。
notice-mail-stop =
    如欲停止接收通知：
    { $link }

web-notices-title = 通知
web-notices-lead = 事情有进展时，我们可通知您。您可自行决定，不登记也可使用所有服务。
web-notices-mail = 电邮地址
web-notices-mail-hint = 例如 name@example.com
web-notices-mobile = 手机号码
web-notices-mobile-hint = 香港号码八位数字；其他地区请以 + 及地区代码开头。
web-notices-topics = 您希望接收哪些通知？
web-notices-topic-appointment = 我的预约
web-notices-topic-appointment-detail = 已预约、已更改、已取消，以及前一天的提示
web-notices-topic-card = 我的申请及新证
web-notices-topic-card-detail = 已收到、已批准、可领取及已领取
web-notices-language = 以哪种语言通知？
web-notices-consent = 我同意你们只为发出上述通知而使用以上联系资料。我可随时停止接收。
web-notices-keep = 如欲停止所有通知，请清空以上联系资料并保存。
web-notices-save = 保存
web-notices-saved = 已保存。
web-notices-saved-mail = 已保存。如电邮地址为新登记，请打开我们的邮件并确认地址。
web-notices-none = 您现时不会收到通知。
web-notices-back = 返回预约信
web-notices-from-letter = 以电邮或短信接收通知
web-notices-stop-title = 停止通知
web-notices-stop-lead = 您不希望再以此地址接收通知吗？
web-notices-stop-send = 停止通知
web-notices-stopped-title = 已停止通知
web-notices-stopped = 您不会再以此地址收到通知。您的预约及申请不受影响。
web-notices-confirm-title = 这是您的电邮地址吗？
web-notices-confirm-lead = 请确认您在此地址收到我们的邮件。
web-notices-confirm-send = 是，这是我的地址
web-notices-confirmed-title = 谢谢
web-notices-confirmed = 地址已确认。
web-error-mail_wrong = 此电邮地址不能使用，请核对。
web-error-number_wrong = 此手机号码不能使用，请核对。
web-error-number_not_mobile = 此号码不能接收短信，请输入手机号码。
web-error-consent = 如您同意，请勾选方格；否则请清空联系资料。
web-error-topics = 请至少选择一项。
