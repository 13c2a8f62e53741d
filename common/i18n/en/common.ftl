# What every station says.
common-station = Identity Card Service
common-step = Step { $step } of { $steps }
common-larger-text = Larger text
common-smaller-text = Normal text
common-high-contrast = High contrast
common-normal-contrast = Normal colours
common-call-staff = Call staff
common-back = Back
common-next = Next
common-confirm = Confirm
common-cancel = Cancel
common-yes = Yes
common-no = No
common-finish = Finish
common-start-over = Start over
common-try-again = Try again
common-continue = Continue
common-key-clear = Clear
common-key-delete = Delete
common-key-space = Space
common-live-view = Camera picture
common-more-time-question = Do you need more time?
common-more-time-countdown = { $seconds ->
    [one] This visit ends in { $seconds } second. Your details will be cleared from the screen.
   *[other] This visit ends in { $seconds } seconds. Your details will be cleared from the screen.
}
common-more-time = Yes, more time
common-please-wait = Please wait
common-starting = This kiosk is getting ready
common-not-sensible = Please check this and try again
common-counter-title = Please go to the counter
common-counter-nothing-lost = You need not repeat anything.
common-counter-tag = Your tag number
common-out-of-service-title = This kiosk is out of service
common-out-of-service-detail = Please use another kiosk, or ask our staff.
common-out-of-service-taken-out = Please use another one. Staff: call the technician.
common-staff-told = Our staff have been told.
common-staff-told-wait = Our staff have been told. If you cannot go there, wait here.
common-card-stuck = A card is stuck. Please ask our staff to come here.
common-card-stuck-told = A card is stuck. Please wait here: our staff are coming.
common-card-late = Your card is still in the slot. Please take it, or ask our staff.
common-card-late-told = Your card is still in the slot. Our staff have been called.
common-take-card-title = Please take your card
common-take-card-detail = The card is in the slot.
common-working = Working on it
common-counter-place = Counter
common-counter-unforeseen = Something did not work at this kiosk. Our staff will help you.
common-scroll-down = Further down
common-scroll-up = Back up

# Fingers
common-finger-1 = right thumb
common-finger-2 = right index finger
common-finger-3 = right middle finger
common-finger-4 = right ring finger
common-finger-5 = right little finger
common-finger-6 = left thumb
common-finger-7 = left index finger
common-finger-8 = left middle finger
common-finger-9 = left ring finger
common-finger-10 = left little finger

## The design system

common-controls-lower = Controls lower
common-controls-usual = Controls as usual
common-read-on = Read on
# Languages the office helps in
common-languages = Other languages
# Speech and keypad
common-speech-intro = Speech is on. Use the keys beside the earphone socket. Up and down go from choice to choice. Select takes a choice. Left and right read line by line. Help reads the page again; press it twice to hear this once more. The volume keys make speech louder or softer.
common-speech-choices = { $count ->
    [one] There is one choice. Press down to reach it.
   *[other] There are { $count } choices. Press down for the first.
}
common-speech-place = { $at } of { $count }
common-speech-button = button
common-speech-field = entry field
common-speech-chosen = chosen
common-speech-not-chosen = not chosen
common-speech-unavailable = not available yet
common-speech-pad = Keys to type with. Left and right find a character, select types it.
common-speech-options = { $count } options. Left and right go through them, select takes one.
common-speech-entered = { $count ->
    [0] Nothing entered
    [one] One character entered
   *[other] { $count } characters entered
}
common-speech-volume = Volume { $step } of { $steps }
common-speech-speed = Speed of speech, { $step } of { $steps }. Left is slower, right is faster.
common-speech-no-back = There is no way back from here.
common-speech-any-key = Press any key to go on.
common-speech-seconds = { $seconds } seconds left.
common-speech-language = Language
common-speech-sign-stop = full stop
common-speech-sign-comma = comma
common-speech-sign-hyphen = hyphen
common-speech-sign-slash = slash
common-speech-sign-apostrophe = apostrophe
# Tones: a caption beside each
common-tone = A tone sounds until you take it.

# Number and year of birth are typed
common-number-title = Type your identity card number
common-number-subtitle = Without the brackets, for example A1234563.
common-number-label = Identity card number
common-number-hint = Letter and digits
common-number-error = This number does not fit. Please check every character.
common-number-wrong = We found nothing. Please type it again. Tries left: { $left }
common-year-title = In which year were you born?
common-year-subtitle = So that nobody takes your place.
common-year-label = Year of birth
common-year-hint = Four digits
common-year-error = Please type four digits, for example 1980.

# Days and hours of the office
common-weekday-0 = Monday
common-weekday-1 = Tuesday
common-weekday-2 = Wednesday
common-weekday-3 = Thursday
common-weekday-4 = Friday
common-weekday-5 = Saturday
common-weekday-6 = Sunday
common-slot = { $weekday }, { $day }/{ $month }, { $hour }
common-day = { $weekday }, { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
