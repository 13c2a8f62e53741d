common-station = परिचयपत्र सेवा
common-step = चरण { $step } / { $steps }
common-larger-text = ठूला अक्षर
common-smaller-text = सामान्य अक्षर
common-high-contrast = बढी कन्ट्रास्ट
common-normal-contrast = सामान्य रङ
common-call-staff = कर्मचारी बोलाउनुहोस्
common-back = पछाडि
common-next = अर्को
common-confirm = पुष्टि गर्नुहोस्
common-cancel = रद्द गर्नुहोस्
common-yes = हो
common-no = होइन
common-finish = समाप्त
common-start-over = फेरि सुरु गर्नुहोस्
common-try-again = फेरि प्रयास गर्नुहोस्
common-continue = जारी राख्नुहोस्
common-key-clear = खाली गर्नुहोस्
common-key-delete = मेटाउनुहोस्
common-key-space = खाली ठाउँ
common-live-view = क्यामेराको तस्बिर
common-more-time-question = तपाईंलाई थप समय चाहिन्छ?
common-more-time-countdown =
    { $seconds ->
        [one] यो सत्र { $seconds } सेकेन्डमा सकिन्छ। तपाईंको विवरण स्क्रिनबाट मेटाइनेछ।
       *[other] यो सत्र { $seconds } सेकेन्डमा सकिन्छ। तपाईंको विवरण स्क्रिनबाट मेटाइनेछ।
    }
common-more-time = हो, थप समय चाहिन्छ
common-please-wait = कृपया पर्खनुहोस्
common-starting = यो मेसिन तयार हुँदैछ
common-not-sensible = कृपया यो जाँचेर फेरि प्रयास गर्नुहोस्
common-counter-title = कृपया काउन्टरमा जानुहोस्
common-counter-nothing-lost = तपाईंले केही दोहोर्‍याउनु पर्दैन।
common-counter-tag = तपाईंको टोकन नम्बर
common-out-of-service-title = यो मेसिन अहिले बन्द छ
common-out-of-service-detail = कृपया अर्को मेसिनमा जानुहोस् वा कर्मचारीलाई सोध्नुहोस्।
common-out-of-service-taken-out = कृपया अर्को मेसिनमा जानुहोस्। कर्मचारी: प्राविधिक बोलाउनुहोस्।
common-staff-told = हाम्रा कर्मचारीलाई खबर गरिएको छ।
common-staff-told-wait = हाम्रा कर्मचारीलाई खबर गरिएको छ। तपाईं त्यहाँ जान सक्नुहुन्न भने यहीँ पर्खनुहोस्।
common-card-stuck = कार्ड अड्कियो। कृपया हाम्रा कर्मचारीलाई यहाँ बोलाउनुहोस्।
common-card-stuck-told = कार्ड अड्कियो। कृपया यहीँ पर्खनुहोस्: हाम्रा कर्मचारी आउँदै हुनुहुन्छ।
common-card-late = तपाईंको कार्ड अझै स्लटमा छ। कृपया लिनुहोस्, वा कर्मचारीलाई सोध्नुहोस्।
common-card-late-told = तपाईंको कार्ड अझै स्लटमा छ। हाम्रा कर्मचारीलाई बोलाइएको छ।
common-take-card-title = कृपया आफ्नो कार्ड लिनुहोस्
common-take-card-detail = कार्ड स्लटमा छ।
common-working = काम हुँदैछ
common-counter-place = काउन्टर
common-counter-unforeseen = यो मेसिनमा केही बिग्रियो। हाम्रा कर्मचारीले तपाईंलाई मद्दत गर्नुहुनेछ।
common-scroll-down = अझ तल
common-scroll-up = फेरि माथि
common-finger-1 = दायाँ बूढी औँला
common-finger-2 = दायाँ चोर औँला
common-finger-3 = दायाँ माझी औँला
common-finger-4 = दायाँ साइँली औँला
common-finger-5 = दायाँ कान्छी औँला
common-finger-6 = बायाँ बूढी औँला
common-finger-7 = बायाँ चोर औँला
common-finger-8 = बायाँ माझी औँला
common-finger-9 = बायाँ साइँली औँला
common-finger-10 = बायाँ कान्छी औँला
common-controls-lower = बटन तल
common-controls-usual = बटन सामान्य
common-read-on = थप पढ्नुहोस्
common-languages = अन्य भाषाहरू
common-speech-intro = आवाज खुला छ। इयरफोन प्वालछेउका बटन प्रयोग गर्नुहोस्। माथि र तलले विकल्प बदल्छ। छनोटले विकल्प लिन्छ। बायाँ र दायाँले पङ्क्ति पढ्छ। मद्दतले पृष्ठ फेरि पढ्छ; यो फेरि सुन्न दुई पटक थिच्नुहोस्। भोल्युम बटनले आवाज ठूलो वा सानो बनाउँछ।
common-speech-choices =
    { $count ->
        [one] एउटा विकल्प छ। त्यहाँ पुग्न तल थिच्नुहोस्।
       *[other] { $count } विकल्प छन्। पहिलोका लागि तल थिच्नुहोस्।
    }
common-speech-place = { $at } / { $count }
common-speech-button = बटन
common-speech-field = लेख्ने कोठा
common-speech-chosen = छानिएको
common-speech-not-chosen = नछानिएको
common-speech-unavailable = अहिले उपलब्ध छैन
common-speech-pad = लेख्ने बटन। बायाँ र दायाँले अक्षर खोज्ने, छनोटले लेख्ने।
common-speech-options = { $count } विकल्प। बायाँ र दायाँले बदल्ने, छनोटले एउटा लिने।
common-speech-entered =
    { $count ->
        [0] केही लेखिएको छैन
       *[other] { $count } अक्षर लेखिए
    }
common-speech-volume = आवाज { $step } / { $steps }
common-speech-speed = बोल्ने गति, { $step } / { $steps }। बायाँ ढिलो, दायाँ छिटो।
common-speech-no-back = यहाँबाट फर्कन मिल्दैन।
common-speech-any-key = अघि बढ्न जुनसुकै बटन थिच्नुहोस्।
common-speech-seconds = { $seconds } सेकेन्ड बाँकी।
common-speech-language = भाषा
common-speech-sign-stop = पूर्ण विराम
common-speech-sign-comma = अल्पविराम
common-speech-sign-hyphen = योजक चिन्ह
common-speech-sign-slash = तेर्सो रेखा
common-speech-sign-apostrophe = एपोस्ट्रोफी
common-tone = तपाईंले नलिउन्जेल आवाज आउँछ।
common-number-title = परिचयपत्रको नम्बर लेख्नुहोस्
common-number-subtitle = कोष्ठक बिना, जस्तै A1234563।
common-number-label = परिचयपत्र नम्बर
common-number-hint = अक्षर र अङ्क
common-number-error = यो नम्बर मिल्दैन। कृपया हरेक अक्षर र अङ्क जाँच्नुहोस्।
common-number-wrong = यो विवरणमा केही भेटिएन। कृपया फेरि लेख्नुहोस्। बाँकी प्रयास: { $left }
common-year-title = तपाईंको जन्म कुन सालमा भएको हो?
common-year-subtitle = ताकि अरू कसैले तपाईंको पालो नलियोस्।
common-year-label = जन्म साल (ई.सं.)
common-year-hint = चार अङ्क
common-year-error = कृपया चार अङ्क लेख्नुहोस्, जस्तै 1980।
common-weekday-0 = सोमबार
common-weekday-1 = मङ्गलबार
common-weekday-2 = बुधबार
common-weekday-3 = बिहीबार
common-weekday-4 = शुक्रबार
common-weekday-5 = शनिबार
common-weekday-6 = आइतबार
common-slot = { $weekday }, { $day }/{ $month }, { $hour }
common-day = { $weekday }, { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] जनवरी
        [2] फेब्रुअरी
        [3] मार्च
        [4] अप्रिल
        [5] मे
        [6] जुन
        [7] जुलाई
        [8] अगस्ट
        [9] सेप्टेम्बर
        [10] अक्टोबर
        [11] नोभेम्बर
       *[12] डिसेम्बर
    } { $year }
