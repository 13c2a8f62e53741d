common-station = شناختی کارڈ سروس
common-step = مرحلہ { $step } از { $steps }
common-larger-text = بڑے حروف
common-smaller-text = عام حروف
common-high-contrast = زیادہ کنٹراسٹ
common-normal-contrast = عام رنگ
common-call-staff = عملے کو بلائیں
common-back = واپس
common-next = آگے
common-confirm = تصدیق کریں
common-cancel = منسوخ کریں
common-yes = ہاں
common-no = نہیں
common-finish = ختم
common-start-over = دوبارہ شروع کریں
common-try-again = دوبارہ کوشش کریں
common-continue = جاری رکھیں
common-key-clear = خالی کریں
common-key-delete = مٹائیں
common-key-space = خالی جگہ
common-live-view = کیمرے کی تصویر
common-more-time-question = کیا آپ کو مزید وقت چاہیے؟
common-more-time-countdown =
    { $seconds ->
        [one] یہ نشست { $seconds } سیکنڈ میں ختم ہوگی۔ آپ کی معلومات اسکرین سے مٹا دی جائیں گی۔
       *[other] یہ نشست { $seconds } سیکنڈ میں ختم ہوگی۔ آپ کی معلومات اسکرین سے مٹا دی جائیں گی۔
    }
common-more-time = ہاں، مزید وقت چاہیے
common-please-wait = براہ کرم انتظار کریں
common-starting = یہ مشین تیار ہو رہی ہے
common-not-sensible = براہ کرم اسے دیکھیں اور دوبارہ کوشش کریں
common-counter-title = براہ کرم کاؤنٹر پر جائیں
common-counter-nothing-lost = آپ کو کچھ بھی دہرانا نہیں پڑے گا۔
common-counter-tag = آپ کا ٹوکن نمبر
common-out-of-service-title = یہ مشین اس وقت بند ہے
common-out-of-service-detail = براہ کرم دوسری مشین استعمال کریں یا ہمارے عملے سے پوچھیں۔
common-out-of-service-taken-out = براہ کرم دوسری مشین استعمال کریں۔ عملہ: ٹیکنیشن کو بلائیں۔
common-staff-told = ہمارے عملے کو بتا دیا گیا ہے۔
common-staff-told-wait = ہمارے عملے کو بتا دیا گیا ہے۔ اگر آپ وہاں نہیں جا سکتے تو یہیں انتظار کریں۔
common-card-stuck = ایک کارڈ پھنس گیا ہے۔ براہ کرم ہمارے عملے کو یہاں بلائیں۔
common-card-stuck-told = ایک کارڈ پھنس گیا ہے۔ براہ کرم یہیں انتظار کریں: ہمارا عملہ آ رہا ہے۔
common-card-late = آپ کا کارڈ ابھی سلاٹ میں ہے۔ براہ کرم لے لیں، یا ہمارے عملے سے پوچھیں۔
common-card-late-told = آپ کا کارڈ ابھی سلاٹ میں ہے۔ ہمارے عملے کو بلا لیا گیا ہے۔
common-take-card-title = براہ کرم اپنا کارڈ لیں
common-take-card-detail = کارڈ سلاٹ میں ہے۔
common-working = کام ہو رہا ہے
common-counter-place = کاؤنٹر
common-counter-unforeseen = اس مشین پر کچھ ٹھیک نہیں ہوا۔ ہمارا عملہ آپ کی مدد کرے گا۔
common-scroll-down = مزید نیچے
common-scroll-up = واپس اوپر
common-finger-1 = دایاں انگوٹھا
common-finger-2 = دائیں شہادت کی انگلی
common-finger-3 = دائیں درمیانی انگلی
common-finger-4 = دائیں انگوٹھی والی انگلی
common-finger-5 = دائیں چھوٹی انگلی
common-finger-6 = بایاں انگوٹھا
common-finger-7 = بائیں شہادت کی انگلی
common-finger-8 = بائیں درمیانی انگلی
common-finger-9 = بائیں انگوٹھی والی انگلی
common-finger-10 = بائیں چھوٹی انگلی
common-controls-lower = بٹن نیچے
common-controls-usual = بٹن معمول پر
common-read-on = آگے پڑھیں
common-languages = دوسری زبانیں
common-speech-intro = آواز چل رہی ہے۔ ایئرفون ساکٹ کے پاس کے بٹن استعمال کریں۔ اوپر اور نیچے سے انتخاب بدلتے ہیں۔ منتخب سے انتخاب لیا جاتا ہے۔ بائیں اور دائیں سے سطریں پڑھی جاتی ہیں۔ مدد سے صفحہ دوبارہ پڑھا جاتا ہے؛ یہ پھر سننے کے لیے دو بار دبائیں۔ والیوم کے بٹن آواز اونچی یا نیچی کرتے ہیں۔
common-speech-choices =
    { $count ->
        [one] ایک انتخاب ہے۔ اس تک جانے کے لیے نیچے دبائیں۔
       *[other] { $count } انتخاب ہیں۔ پہلے کے لیے نیچے دبائیں۔
    }
common-speech-place = { $at } از { $count }
common-speech-button = بٹن
common-speech-field = لکھنے کا خانہ
common-speech-chosen = منتخب
common-speech-not-chosen = منتخب نہیں
common-speech-unavailable = ابھی دستیاب نہیں
common-speech-pad = لکھنے کے بٹن۔ بائیں اور دائیں سے حرف تلاش کریں، منتخب سے لکھیں۔
common-speech-options = { $count } انتخاب۔ بائیں اور دائیں سے بدلیں، منتخب سے ایک لیں۔
common-speech-entered =
    { $count ->
        [0] کچھ نہیں لکھا گیا
       *[other] { $count } حروف لکھے گئے
    }
common-speech-volume = آواز { $step } از { $steps }
common-speech-speed = بولنے کی رفتار، { $step } از { $steps }۔ بائیں آہستہ، دائیں تیز۔
common-speech-no-back = یہاں سے واپسی نہیں۔
common-speech-any-key = آگے بڑھنے کے لیے کوئی بھی بٹن دبائیں۔
common-speech-seconds = { $seconds } سیکنڈ باقی ہیں۔
common-speech-language = زبان
common-speech-sign-stop = نقطہ
common-speech-sign-comma = کاما
common-speech-sign-hyphen = ہائفن
common-speech-sign-slash = ترچھی لکیر
common-speech-sign-apostrophe = اپوسٹروفی
common-tone = آپ کے لینے تک آواز بجتی ہے۔
common-number-title = اپنے شناختی کارڈ کا نمبر لکھیں
common-number-subtitle = قوسین کے بغیر، مثلاً A1234563۔
common-number-label = شناختی کارڈ نمبر
common-number-hint = حرف اور ہندسے
common-number-error = یہ نمبر درست نہیں لگتا۔ براہ کرم ہر حرف اور ہندسہ دیکھیں۔
common-number-wrong = ان معلومات سے کچھ نہیں ملا۔ براہ کرم دوبارہ لکھیں۔ باقی کوششیں: { $left }
common-year-title = آپ کس سال پیدا ہوئے؟
common-year-subtitle = تاکہ کوئی اور آپ کی جگہ نہ لے۔
common-year-label = پیدائش کا سال
common-year-hint = چار ہندسے
common-year-error = براہ کرم چار ہندسے لکھیں، مثلاً 1980۔
common-weekday-0 = پیر
common-weekday-1 = منگل
common-weekday-2 = بدھ
common-weekday-3 = جمعرات
common-weekday-4 = جمعہ
common-weekday-5 = ہفتہ
common-weekday-6 = اتوار
common-slot = { $weekday }، { $day }/{ $month }، { $hour }
common-day = { $weekday }، { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] جنوری
        [2] فروری
        [3] مارچ
        [4] اپریل
        [5] مئی
        [6] جون
        [7] جولائی
        [8] اگست
        [9] ستمبر
        [10] اکتوبر
        [11] نومبر
       *[12] دسمبر
    } { $year }
