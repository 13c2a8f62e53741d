# Staff's work at a public kiosk
staff-corner = Staff only
staff-key-capitals = Capitals
staff-card-title = Staff only
staff-card-subtitle = Please insert your officer card, chip first.
staff-pin-title = Please type your PIN
staff-pin-subtitle = Six to eight digits. Your card checks them itself.
staff-pin-label = PIN
staff-pin-wrong = This PIN is wrong.
staff-pin-left = { $count ->
    [one] One try is left. After it the card is blocked.
   *[other] { $count } tries are left. After them the card is blocked.
}
staff-password-title = Staff only
staff-password-subtitle = The card slot is not free. Please sign in with your password.
staff-password-id = Officer ID
staff-password-label = Password
staff-password-sign-in = Sign in
staff-refused-title = You are not signed in
staff-refused-wrong = ID or password is wrong.
staff-refused-not_officers = This is not an officer card.
staff-refused-blocked = This card is blocked after too many wrong PINs. Your supervisor issues a new one.
staff-refused-unknown = This card is not, or no longer, registered. Please ask your supervisor.
staff-refused-not_allowed = Your duties do not include work at kiosks.
staff-refused-no_connection = The office's computer does not answer.
staff-refused-card_failed = The card does not work. Please try again.
staff-returning = Your card comes back
staff-take-title = Please take your officer card
staff-take-detail = The menu opens when the card is taken.
staff-take-late = The card still waits in the slot.
staff-doing = Please wait
staff-menu-title = This kiosk
staff-menu-offline = The office's computer does not answer: some duties are not available.
staff-menu-drafts = No translator has checked the texts in: { $languages }
staff-menu-closed = Out of service: { $why }
staff-menu-asking = The devices are being asked …
staff-menu-unsent = { $count ->
    [one] One message waits to be sent to the office.
   *[other] { $count } messages wait to be sent to the office.
}
staff-menu-sent = Everything has been sent to the office.
staff-menu-leave = End staff mode
staff-act-close = Out of service
staff-act-open = Back into service
staff-act-test_devices = Test the devices
staff-act-test_print = Test print
staff-act-free_card = Give back a stuck card
staff-act-restart = Restart
staff-act-shut_down = Shut down
staff-done-open = The kiosk is in service again.
staff-done-test_devices = All devices answer.
staff-done-test_print = The test page was printed.
staff-done-free_card = The slot is free, or the card waits at its gate.
staff-done-restart = The kiosk restarts.
staff-done-shut_down = The kiosk shuts down.
staff-failed-open = The kiosk is still out of service.
staff-failed-test_devices = A device does not answer as it should.
staff-failed-test_print = Nothing was printed. Please check paper and cover.
staff-failed-free_card = The card does not come out. Please call the technician.
staff-failed-restart = The kiosk did not restart.
staff-failed-shut_down = The kiosk did not shut down.
staff-reason-title = Why is it out of service?
staff-reason-subtitle = The public reads this on the screen.
staff-closing-cleaning = It is being cleaned.
staff-closing-paper = It has run out of paper.
staff-closing-repair = It is being repaired.
staff-closing-other = It cannot be used at present.
staff-confirm-restart = Restart this kiosk?
staff-confirm-shut_down = Shut this kiosk down?
staff-confirm-subtitle = Nobody can use it meanwhile.
staff-device-camera = Camera
staff-device-card_camera = Card camera
staff-device-card_unit = Card slot
staff-device-code_scanner = Code scanner
staff-device-finger_scanner = Finger scanner
staff-device-form_camera = Form camera
staff-device-form_collector = Form slot
staff-device-form_printer = Form printer
staff-device-intake = Old card slot
staff-device-intake_camera = Old card camera
staff-device-magazine = Card magazine
staff-device-presenter = New card slot
staff-device-presenter_camera = New card camera
staff-device-ticket_printer = Slip printer
staff-state-good = works
staff-state-offline = offline
staff-state-noDevice = does not answer
staff-state-hardwareError = faulty
staff-state-userError = needs a hand
staff-state-starting = starting

# On every officer's screen while somebody asks for staff
staff-call-asked = Somebody asks for staff at { $where }, since { $since }.
staff-call-others = Also at { $places }.
staff-call-go = I am going
staff-call-lost = No answer from the centre: this is what was last known.
