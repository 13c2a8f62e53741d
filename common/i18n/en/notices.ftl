# Notices by mail and SMS, and their pages. A text message must fit one part: see test_notice_texts.
notice-short-day = { $day }/{ $month }
notice-sms-booked = Identity card service: your appointment is on { $day } at { $time }, { $office }.
notice-sms-changed = Identity card service: your appointment is now on { $day } at { $time }, { $office }.
notice-sms-carried-over = Identity card service: the office is closed on your day. Your booking stays good; we suggest { $day } at { $time }, { $office }.
notice-sms-reminder = Identity card service: please come tomorrow, { $day } at { $time }, to { $office }. Bring your present card.
notice-sms-cancelled = Identity card service: your appointment on { $day } at { $time } is cancelled.
notice-sms-submitted = Identity card service: we have your application. Your card should be ready on { $ready }. Not you? Contact the office.
notice-sms-approved = Identity card service: your application is approved. Your card should be ready on { $ready }.
notice-sms-refused = Identity card service: please contact the office about your application.
notice-sms-ready = Identity card service: your new card is ready to collect at { $office }. Bring your present card.
notice-sms-overdue = Identity card service: your new card still waits for you at { $office }. Please collect it soon.
notice-sms-redirected = Identity card service: please collect your new card at { $office }.
notice-sms-collected = Identity card service: your new card was collected. Not you? Contact the office at once.
notice-sms-mobile-code = Identity card service: your code is { $code }. Type it in at the kiosk. Tell it to nobody; our staff never ask for it.

notice-mail-booked-subject = Your appointment is booked
notice-mail-booked =
    Your appointment:
    { $day }, { $time }
    { $office }

    Please bring your appointment letter and your present identity card.
notice-mail-changed-subject = Your appointment has changed
notice-mail-changed =
    Your appointment is now:
    { $day }, { $time }
    { $office }

    Your earlier time is free for others.
notice-mail-carried-over-subject = The office is closed on your day: your appointment stays good
notice-mail-carried-over =
    The office is closed on the day of your appointment. It stays good for any later day. We suggest:
    { $day }, { $time }
    { $office }

    If this does not suit you, you can choose another time or office.
notice-mail-reminder-subject = Your appointment is tomorrow
notice-mail-reminder =
    Please come tomorrow:
    { $day }, { $time }
    { $office }

    Please bring your appointment letter and your present identity card.
notice-mail-cancelled-subject = Your appointment is cancelled
notice-mail-cancelled =
    Your appointment on { $day }, { $time }, is cancelled. What you told us has been erased.
notice-mail-letter-subject = Your appointment letter
notice-mail-letter =
    Here is the appointment letter that you asked for:
    { $day }, { $time }
    { $office }
notice-mail-submitted-subject = We have your application
notice-mail-submitted =
    We have your application. Receipt number: { $receipt }
    Your card should be ready on { $ready }.

    If you did not apply, please contact the office at once.
notice-mail-approved-subject = Your application is approved
notice-mail-approved =
    Your application is approved and your card is being made. It should be ready on { $ready }.
notice-mail-refused-subject = Please contact the office
notice-mail-refused =
    Please contact the office about your application. Receipt number: { $receipt }
notice-mail-ready-subject = Your new card is ready
notice-mail-ready =
    Your new identity card is ready to collect at { $office }.

    Please bring your present card or your acknowledgement form.
notice-mail-overdue-subject = Your new card still waits for you
notice-mail-overdue =
    Your new identity card still waits for you at { $office }.

    Please collect it soon. If you cannot come, please contact the office.
notice-mail-redirected-subject = Your new card is at another office
notice-mail-redirected =
    Please collect your new identity card at { $office }.
notice-mail-collected-subject = Your new card was collected
notice-mail-collected =
    Your new identity card was collected and is now valid. Your earlier card is no longer valid.

    If this was not you, please contact the office at once.
notice-mail-link =
    Your letter and your form, to change or to cancel:
    { $link }
notice-mail-confirm =
    Is this address yours? Please confirm it, so that we know where to reach you:
    { $link }
notice-mail-foot = This mail was sent by a machine. We never ask for your password, your card number or money by mail.
notice-mail-stop =
    To stop these notices:
    { $link }

web-notices-title = Notices
web-notices-lead = We can tell you when something happens. This is up to you: everything works without it.
web-notices-mail = Email address
web-notices-mail-hint = For example name@example.com
web-notices-mobile = Mobile number
web-notices-mobile-hint = Eight digits in Hong Kong. Elsewhere begin with + and the country code.
web-notices-topics = What shall we tell you?
web-notices-topic-appointment = My appointment
web-notices-topic-appointment-detail = Booked, changed, cancelled, and a reminder the day before
web-notices-topic-card = My application and my card
web-notices-topic-card-detail = Received, approved, ready to collect, and collected
web-notices-language = In which language?
web-notices-consent = I agree that you use these addresses for these notices only. I can stop them at any time.
web-notices-keep = To stop all notices, empty the addresses and save.
web-notices-save = Save
web-notices-saved = Saved.
web-notices-saved-mail = Saved. If the email address is new, please open our mail and confirm the address.
web-notices-none = You get no notices.
web-notices-back = Back to my letter
web-notices-from-letter = Notices by email or SMS
web-notices-stop-title = Stop notices
web-notices-stop-lead = Do you want no more notices at this address?
web-notices-stop-send = Stop notices
web-notices-stopped-title = Notices stopped
web-notices-stopped = You get no more notices at this address. Your appointment and your application go on as before.
web-notices-confirm-title = Is this address yours?
web-notices-confirm-lead = Please confirm that you received our mail at this address.
web-notices-confirm-send = Yes, this is my address
web-notices-confirmed-title = Thank you
web-notices-confirmed = The address is confirmed.
web-error-mail_wrong = This is not an email address that we can use. Please check it.
web-error-number_wrong = This is not a mobile number that we can use. Please check it.
web-error-number_not_mobile = This number takes no text messages. Please enter a mobile number.
web-error-consent = Please tick the box if you agree, or empty the addresses.
web-error-topics = Please choose at least one.
