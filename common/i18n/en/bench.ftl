# The form-filling bench; its pages are used at the registration kiosk as well.
bench-title = Form-filling bench
bench-welcome-title = Fill in your form here
bench-welcome-subtitle = Please hold the code on your slip to the camera.
bench-welcome-no-camera = The camera does not work just now. Please use another bench.
bench-fetching = Opening your form
bench-saving = Saving your form
bench-page-name = Your name
bench-page-about = Sex and marital status
bench-page-birth = Your date of birth
bench-page-origin = Birthplace and nationality
bench-page-work = What do you work as?
bench-page-address = Where do you live?
bench-page-telephone = How can we reach you?
bench-hint-letters = In English letters
bench-hint-digits = Digits only
bench-hint-date = Day, month, year: DDMMYYYY
bench-hint-choice = Please choose
bench-error-date = Please type the date as eight digits, for example 14031985.
bench-error-digits = Please type at least eight digits.
bench-review-title = Is everything right?
bench-review-subtitle = Please check each line, then confirm.
bench-review-gaps = Some lines are still empty. Touch a line to fill it in.
bench-review-change = Change: { $field }
bench-review-confirm = Yes, confirm
bench-review-later = Leave the gaps
bench-done-title-whole = Done. Thank you
bench-done-subtitle-whole = Please wait for your tag to be called.
bench-done-title-later = Your form is saved
bench-done-subtitle-later = Some lines are empty. Please continue at any bench, with the same slip.
bench-done-title-officer = An officer will go on with you
bench-done-subtitle-officer = Please wait: your tag will be called to a booth. What you filled in is saved.
bench-how-title = How shall we go on?
bench-how-gaps = Some lines are still empty. What you filled in is saved.
bench-how-saved = What you filled in is saved.
bench-how-officer = With an officer
bench-how-officer-detail = Your tag will be called to a booth
bench-how-now = By myself, now
bench-how-now-detail = Back to the form
bench-how-later = By myself, later
bench-how-later-detail = At any bench, with the same slip
bench-notice-title-unknown = We do not know this code
bench-notice-title-no_connection = We cannot reach our system
bench-notice-title-nothing_to_fill = Nothing to fill in
bench-notice-title-staff = Please ask our staff
bench-notice-unknown = Please show the code on the slip of today, or ask our staff.
bench-notice-no_connection = Please try again in a moment, or ask our staff.
bench-notice-nothing_to_fill = Your form is done. Please wait for your tag to be called.
bench-notice-staff = What you have filled in is saved. Our staff will help you.

# Which form, by age
bench-form-adult = Form ROP 1, aged 18 or over. Each field is saved at once.
bench-form-youth = Form ROP 2, aged 11 to 17. Each field is saved at once.
bench-form-child = Form ROP 3, under 11. Each field is saved at once.

# The Chinese name and its codes
bench-chinese-title = Your Chinese name
bench-chinese-subtitle = Up to six characters. Touch a character to choose its code.
bench-chinese-find = Find the next character
bench-chinese-hint = Code, Cangjie or Cantonese
bench-chinese-search = Find
bench-chinese-none = I have no Chinese name
bench-chinese-drop = Remove the last character
bench-chinese-full = A name has up to six characters.
bench-chinese-nothing = No character found. Please try another way.
bench-chinese-no-code = No code
bench-code-title = Which code has this character?
bench-code-subtitle = It is printed below the name on your card. Not sure? Leave it to the officer.
bench-code-label = Another code
bench-code-hint = Four or five digits
bench-code-error = A code has four or five digits.
bench-code-take = Take this code

# The district
bench-area-hong_kong = Hong Kong Island
bench-area-kowloon = Kowloon
bench-area-new_territories = New Territories
bench-district-central_and_western = Central and Western
bench-district-eastern = Eastern
bench-district-southern = Southern
bench-district-wan_chai = Wan Chai
bench-district-kowloon_city = Kowloon City
bench-district-kwun_tong = Kwun Tong
bench-district-sham_shui_po = Sham Shui Po
bench-district-wong_tai_sin = Wong Tai Sin
bench-district-yau_tsim_mong = Yau Tsim Mong
bench-district-islands = Islands
bench-district-kwai_tsing = Kwai Tsing
bench-district-north = North
bench-district-sai_kung = Sai Kung
bench-district-sha_tin = Sha Tin
bench-district-tai_po = Tai Po
bench-district-tsuen_wan = Tsuen Wan
bench-district-tuen_mun = Tuen Mun
bench-district-yuen_long = Yuen Long
bench-district-none = Another place
bench-hint-district = Choose from the list

# The declaration
bench-declare-title = Your declaration
bench-declare-subtitle = Please read this before the form goes to the officer.
bench-declare-guardian = The father, mother or legal guardian declares for a person under 18.
bench-declare-true = I declare that the information given in this form is true and complete.
bench-declare-offence = It is an offence knowingly to give false information.
bench-declare-sign = You will sign the form later, before an officer.
bench-declare-yes = I declare this

# A code that opens nothing
bench-notice-title-unreadable = This code is not one of ours
bench-notice-unreadable = Please hold the code on your tag slip to the camera.
bench-notice-title-other_day = This tag is not of today
bench-notice-other_day = Please get a new tag at the tag kiosk, or ask our staff.
