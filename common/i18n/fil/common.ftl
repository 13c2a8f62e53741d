common-station = Serbisyo ng Identity Card
common-step = Hakbang { $step } sa { $steps }
common-larger-text = Palakihin ang letra
common-smaller-text = Karaniwang letra
common-high-contrast = Mataas na contrast
common-normal-contrast = Karaniwang kulay
common-call-staff = Tawagin ang staff
common-back = Bumalik
common-next = Susunod
common-confirm = Kumpirmahin
common-cancel = Kanselahin
common-yes = Oo
common-no = Hindi
common-finish = Tapusin
common-start-over = Magsimula muli
common-try-again = Subukan muli
common-continue = Magpatuloy
common-key-clear = Linisin
common-key-delete = Burahin
common-key-space = Puwang
common-live-view = Larawan ng kamera
common-more-time-question = Kailangan ba ninyo ng dagdag na oras?
common-more-time-countdown =
    { $seconds ->
        [one] Matatapos ito sa loob ng { $seconds } segundo. Buburahin sa screen ang inyong detalye.
       *[other] Matatapos ito sa loob ng { $seconds } segundo. Buburahin sa screen ang inyong detalye.
    }
common-more-time = Oo, dagdagan ang oras
common-please-wait = Mangyaring maghintay
common-starting = Inihahanda ang kiosk na ito
common-not-sensible = Pakisuri ito at subukan muli
common-counter-title = Pumunta po sa counter
common-counter-nothing-lost = Wala kayong kailangang ulitin.
common-counter-tag = Ang inyong numero sa pila
common-out-of-service-title = Hindi gumagana ang kiosk na ito
common-out-of-service-detail = Gumamit po ng ibang kiosk o magtanong sa staff.
common-out-of-service-taken-out = Gumamit po ng iba. Staff: tawagin ang technician.
common-staff-told = Nasabihan na ang aming staff.
common-staff-told-wait = Nasabihan na ang aming staff. Kung hindi kayo makakapunta, maghintay po rito.
common-card-stuck = May card na naipit. Pakitawag po rito ang aming staff.
common-card-stuck-told = May card na naipit. Maghintay po rito: parating na ang aming staff.
common-card-late = Nasa slot pa ang inyong card. Kunin po, o magtanong sa staff.
common-card-late-told = Nasa slot pa ang inyong card. Tinawag na ang aming staff.
common-take-card-title = Kunin po ang inyong card
common-take-card-detail = Nasa slot ang card.
common-working = Ginagawa na
common-counter-place = Counter
common-counter-unforeseen = May hindi gumana sa kiosk na ito. Tutulungan kayo ng aming staff.
common-scroll-down = Pababa pa
common-scroll-up = Pataas
common-finger-1 = kanang hinlalaki
common-finger-2 = kanang hintuturo
common-finger-3 = kanang gitnang daliri
common-finger-4 = kanang palasingsingan
common-finger-5 = kanang hinliliit
common-finger-6 = kaliwang hinlalaki
common-finger-7 = kaliwang hintuturo
common-finger-8 = kaliwang gitnang daliri
common-finger-9 = kaliwang palasingsingan
common-finger-10 = kaliwang hinliliit
common-controls-lower = Ibaba ang kontrol
common-controls-usual = Karaniwang kontrol
common-read-on = Basahin pa
common-languages = Ibang wika
common-speech-intro = Naka-on ang boses. Gamitin ang mga pindutan sa tabi ng earphone. Pataas at pababa para lumipat ng pagpipilian. Piliin para kunin ito. Kaliwa at kanan para basahin ang bawat linya. Tulong para basahin muli ang pahina; dalawang pindot para marinig muli ito. Volume para lakasan o hinaan ang boses.
common-speech-choices =
    { $count ->
        [one] May isang pagpipilian. Pindutin ang pababa.
       *[other] May { $count } pagpipilian. Pindutin ang pababa para sa una.
    }
common-speech-place = { $at } sa { $count }
common-speech-button = pindutan
common-speech-field = patlang
common-speech-chosen = napili
common-speech-not-chosen = hindi napili
common-speech-unavailable = hindi pa magagamit
common-speech-pad = Mga pindutan sa pag-type. Kaliwa at kanan para humanap, piliin para i-type.
common-speech-options = { $count } opsiyon. Kaliwa at kanan para lumipat, piliin para kumuha ng isa.
common-speech-entered =
    { $count ->
        [0] Wala pang nailagay
       *[other] { $count } karakter ang nailagay
    }
common-speech-volume = Volume { $step } sa { $steps }
common-speech-speed = Bilis ng boses, { $step } sa { $steps }. Kaliwa para bumagal, kanan para bumilis.
common-speech-no-back = Hindi makakabalik mula rito.
common-speech-any-key = Pumindot ng kahit ano para magpatuloy.
common-speech-seconds = { $seconds } segundo ang natitira.
common-speech-language = Wika
common-speech-sign-stop = tuldok
common-speech-sign-comma = kuwit
common-speech-sign-hyphen = gitling
common-speech-sign-slash = pahilis
common-speech-sign-apostrophe = kudlit
common-tone = May tutunog hanggang kunin ninyo ito.
common-number-title = I-type ang numero ng identity card
common-number-subtitle = Walang panaklong, halimbawa A1234563.
common-number-label = Numero ng identity card
common-number-hint = Letra at mga numero
common-number-error = Hindi tugma ang numerong ito. Pakisuri ang bawat letra at numero.
common-number-wrong = Walang nakita sa mga detalyeng ito. I-type po muli. Natitirang subok: { $left }
common-year-title = Anong taon kayo ipinanganak?
common-year-subtitle = Para walang makakuha ng inyong puwesto.
common-year-label = Taon ng kapanganakan
common-year-hint = Apat na numero
common-year-error = Mag-type ng apat na numero, halimbawa 1980.
common-weekday-0 = Lunes
common-weekday-1 = Martes
common-weekday-2 = Miyerkoles
common-weekday-3 = Huwebes
common-weekday-4 = Biyernes
common-weekday-5 = Sabado
common-weekday-6 = Linggo
common-slot = { $weekday }, { $day }/{ $month }, { $hour }
common-day = { $weekday }, { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] Enero
        [2] Pebrero
        [3] Marso
        [4] Abril
        [5] Mayo
        [6] Hunyo
        [7] Hulyo
        [8] Agosto
        [9] Setyembre
        [10] Oktubre
        [11] Nobyembre
       *[12] Disyembre
    } { $year }
