common-station = पहचान पत्र सेवा
common-step = चरण { $step } / { $steps }
common-larger-text = बड़े अक्षर
common-smaller-text = सामान्य अक्षर
common-high-contrast = अधिक कंट्रास्ट
common-normal-contrast = सामान्य रंग
common-call-staff = कर्मचारी को बुलाएँ
common-back = वापस
common-next = आगे
common-confirm = पुष्टि करें
common-cancel = रद्द करें
common-yes = हाँ
common-no = नहीं
common-finish = समाप्त
common-start-over = फिर से शुरू करें
common-try-again = फिर कोशिश करें
common-continue = जारी रखें
common-key-clear = खाली करें
common-key-delete = मिटाएँ
common-key-space = खाली जगह
common-live-view = कैमरे का चित्र
common-more-time-question = क्या आपको और समय चाहिए?
common-more-time-countdown =
    { $seconds ->
        [one] यह सत्र { $seconds } सेकंड में समाप्त होगा। आपका विवरण स्क्रीन से मिटा दिया जाएगा।
       *[other] यह सत्र { $seconds } सेकंड में समाप्त होगा। आपका विवरण स्क्रीन से मिटा दिया जाएगा।
    }
common-more-time = हाँ, और समय चाहिए
common-please-wait = कृपया प्रतीक्षा करें
common-starting = यह मशीन तैयार हो रही है
common-not-sensible = कृपया इसे जाँचें और फिर कोशिश करें
common-counter-title = कृपया काउंटर पर जाएँ
common-counter-nothing-lost = आपको कुछ भी दोहराना नहीं है।
common-counter-tag = आपका टोकन नंबर
common-out-of-service-title = यह मशीन अभी बंद है
common-out-of-service-detail = कृपया दूसरी मशीन पर जाएँ या हमारे कर्मचारी से पूछें।
common-out-of-service-taken-out = कृपया दूसरी मशीन पर जाएँ। कर्मचारी: तकनीशियन को बुलाएँ।
common-staff-told = हमारे कर्मचारी को बता दिया गया है।
common-staff-told-wait = हमारे कर्मचारी को बता दिया गया है। यदि आप वहाँ नहीं जा सकते, तो यहीं प्रतीक्षा करें।
common-card-stuck = एक कार्ड फँस गया है। कृपया हमारे कर्मचारी को यहाँ बुलाएँ।
common-card-stuck-told = एक कार्ड फँस गया है। कृपया यहीं रुकें: हमारे कर्मचारी आ रहे हैं।
common-card-late = आपका कार्ड अभी भी स्लॉट में है। कृपया उसे लें, या हमारे कर्मचारी से पूछें।
common-card-late-told = आपका कार्ड अभी स्लॉट में है। हमारे कर्मचारी को बुलाया गया है।
common-take-card-title = कृपया अपना कार्ड लें
common-take-card-detail = कार्ड स्लॉट में है।
common-working = काम चल रहा है
common-counter-place = काउंटर
common-counter-unforeseen = इस मशीन पर कुछ ठीक नहीं चला। हमारे कर्मचारी आपकी मदद करेंगे।
common-scroll-down = और नीचे
common-scroll-up = वापस ऊपर
common-finger-1 = दायाँ अँगूठा
common-finger-2 = दाईं तर्जनी
common-finger-3 = दाईं मध्यमा
common-finger-4 = दाईं अनामिका
common-finger-5 = दाईं कनिष्ठा
common-finger-6 = बायाँ अँगूठा
common-finger-7 = बाईं तर्जनी
common-finger-8 = बाईं मध्यमा
common-finger-9 = बाईं अनामिका
common-finger-10 = बाईं कनिष्ठा
common-controls-lower = बटन नीचे
common-controls-usual = बटन सामान्य
common-read-on = आगे पढ़ें
common-languages = अन्य भाषाएँ
common-speech-intro = आवाज़ चालू है। इयरफ़ोन सॉकेट के पास के बटन उपयोग करें। ऊपर और नीचे से विकल्प बदलते हैं। चयन से विकल्प चुना जाता है। बाएँ और दाएँ से पंक्तियाँ पढ़ी जाती हैं। मदद से पृष्ठ फिर पढ़ा जाता है; यह फिर सुनने के लिए दो बार दबाएँ। वॉल्यूम बटन आवाज़ तेज़ या धीमी करते हैं।
common-speech-choices =
    { $count ->
        [one] एक विकल्प है। उस पर जाने के लिए नीचे दबाएँ।
       *[other] { $count } विकल्प हैं। पहले के लिए नीचे दबाएँ।
    }
common-speech-place = { $at } / { $count }
common-speech-button = बटन
common-speech-field = लिखने का खाना
common-speech-chosen = चुना हुआ
common-speech-not-chosen = चुना नहीं
common-speech-unavailable = अभी उपलब्ध नहीं
common-speech-pad = लिखने के बटन। बाएँ और दाएँ से अक्षर खोजें, चयन से लिखें।
common-speech-options = { $count } विकल्प। बाएँ और दाएँ से बदलें, चयन से एक चुनें।
common-speech-entered =
    { $count ->
        [0] कुछ नहीं लिखा
       *[other] { $count } अक्षर लिखे गए
    }
common-speech-volume = आवाज़ { $step } / { $steps }
common-speech-speed = बोलने की गति, { $step } / { $steps }। बाएँ धीमी, दाएँ तेज़।
common-speech-no-back = यहाँ से वापस नहीं जा सकते।
common-speech-any-key = आगे बढ़ने के लिए कोई भी बटन दबाएँ।
common-speech-seconds = { $seconds } सेकंड बचे हैं।
common-speech-language = भाषा
common-speech-sign-stop = पूर्ण विराम
common-speech-sign-comma = अल्पविराम
common-speech-sign-hyphen = योजक चिह्न
common-speech-sign-slash = तिरछी रेखा
common-speech-sign-apostrophe = ऊर्ध्व अल्पविराम
common-tone = आपके लेने तक ध्वनि बजती है।
common-number-title = अपने पहचान पत्र का नंबर लिखें
common-number-subtitle = कोष्ठक के बिना, जैसे A1234563।
common-number-label = पहचान पत्र नंबर
common-number-hint = अक्षर और अंक
common-number-error = यह नंबर सही नहीं लगता। कृपया हर अक्षर और अंक जाँचें।
common-number-wrong = इस विवरण से कुछ नहीं मिला। कृपया फिर लिखें। बची कोशिशें: { $left }
common-year-title = आपका जन्म किस वर्ष में हुआ?
common-year-subtitle = ताकि कोई और आपकी जगह न ले।
common-year-label = जन्म का वर्ष
common-year-hint = चार अंक
common-year-error = कृपया चार अंक लिखें, जैसे 1980।
common-weekday-0 = सोमवार
common-weekday-1 = मंगलवार
common-weekday-2 = बुधवार
common-weekday-3 = गुरुवार
common-weekday-4 = शुक्रवार
common-weekday-5 = शनिवार
common-weekday-6 = रविवार
common-slot = { $weekday }, { $day }/{ $month }, { $hour }
common-day = { $weekday }, { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] जनवरी
        [2] फ़रवरी
        [3] मार्च
        [4] अप्रैल
        [5] मई
        [6] जून
        [7] जुलाई
        [8] अगस्त
        [9] सितंबर
        [10] अक्तूबर
        [11] नवंबर
       *[12] दिसंबर
    } { $year }
