common-station = บริการบัตรประจำตัว
common-step = ขั้นที่ { $step } จาก { $steps }
common-larger-text = ตัวอักษรใหญ่ขึ้น
common-smaller-text = ตัวอักษรปกติ
common-high-contrast = สีตัดกันชัด
common-normal-contrast = สีปกติ
common-call-staff = เรียกเจ้าหน้าที่
common-back = กลับ
common-next = ถัดไป
common-confirm = ยืนยัน
common-cancel = ยกเลิก
common-yes = ใช่
common-no = ไม่
common-finish = เสร็จสิ้น
common-start-over = เริ่มใหม่
common-try-again = ลองอีกครั้ง
common-continue = ทำต่อ
common-key-clear = ล้าง
common-key-delete = ลบ
common-key-space = เว้นวรรค
common-live-view = ภาพจากกล้อง
common-more-time-question = คุณต้องการเวลาเพิ่มหรือไม่
common-more-time-countdown =
    { $seconds ->
       *[other] การใช้งานนี้จะจบใน { $seconds } วินาที ข้อมูลของคุณจะถูกลบจากหน้าจอ
    }
common-more-time = ใช่ ขอเวลาเพิ่ม
common-please-wait = กรุณารอสักครู่
common-starting = เครื่องนี้กำลังเตรียมพร้อม
common-not-sensible = กรุณาตรวจดูแล้วลองอีกครั้ง
common-counter-title = กรุณาไปที่เคาน์เตอร์
common-counter-nothing-lost = คุณไม่ต้องทำอะไรซ้ำ
common-counter-tag = หมายเลขคิวของคุณ
common-out-of-service-title = เครื่องนี้งดให้บริการ
common-out-of-service-detail = กรุณาใช้เครื่องอื่น หรือถามเจ้าหน้าที่
common-out-of-service-taken-out = กรุณาใช้เครื่องอื่น เจ้าหน้าที่: แจ้งช่าง
common-staff-told = แจ้งเจ้าหน้าที่แล้ว
common-staff-told-wait = แจ้งเจ้าหน้าที่แล้ว หากไปไม่ได้ กรุณารอที่นี่
common-card-stuck = บัตรติดอยู่ กรุณาเรียกเจ้าหน้าที่มาที่นี่
common-card-stuck-told = บัตรติดอยู่ กรุณารอที่นี่ เจ้าหน้าที่กำลังมา
common-card-late = บัตรของคุณยังอยู่ในช่อง กรุณารับบัตร หรือถามเจ้าหน้าที่
common-card-late-told = บัตรของคุณยังอยู่ในช่อง เรียกเจ้าหน้าที่แล้ว
common-take-card-title = กรุณารับบัตรของคุณ
common-take-card-detail = บัตรอยู่ในช่อง
common-working = กำลังดำเนินการ
common-counter-place = เคาน์เตอร์
common-counter-unforeseen = เครื่องนี้มีบางอย่างขัดข้อง เจ้าหน้าที่จะช่วยคุณ
common-scroll-down = เลื่อนลง
common-scroll-up = เลื่อนขึ้น
common-finger-1 = นิ้วหัวแม่มือขวา
common-finger-2 = นิ้วชี้ขวา
common-finger-3 = นิ้วกลางขวา
common-finger-4 = นิ้วนางขวา
common-finger-5 = นิ้วก้อยขวา
common-finger-6 = นิ้วหัวแม่มือซ้าย
common-finger-7 = นิ้วชี้ซ้าย
common-finger-8 = นิ้วกลางซ้าย
common-finger-9 = นิ้วนางซ้าย
common-finger-10 = นิ้วก้อยซ้าย
common-controls-lower = ปุ่มอยู่ต่ำลง
common-controls-usual = ปุ่มปกติ
common-read-on = อ่านต่อ
common-languages = ภาษาอื่น
common-speech-intro = เปิดเสียงพูดแล้ว ใช้ปุ่มข้างช่องหูฟัง ขึ้นและลงเพื่อเลื่อนตัวเลือก ปุ่มเลือกเพื่อเลือก ซ้ายและขวาเพื่ออ่านทีละบรรทัด ปุ่มช่วยเหลืออ่านหน้านี้อีกครั้ง กดสองครั้งเพื่อฟังคำแนะนำนี้อีก ปุ่มเสียงเพิ่มหรือลดเสียง
common-speech-choices =
    { $count ->
       *[other] มี { $count } ตัวเลือก กดลงเพื่อไปตัวเลือกแรก
    }
common-speech-place = { $at } จาก { $count }
common-speech-button = ปุ่ม
common-speech-field = ช่องกรอก
common-speech-chosen = เลือกแล้ว
common-speech-not-chosen = ยังไม่เลือก
common-speech-unavailable = ยังใช้ไม่ได้
common-speech-pad = ปุ่มสำหรับพิมพ์ ซ้ายและขวาเพื่อหาตัวอักษร ปุ่มเลือกเพื่อพิมพ์
common-speech-options = { $count } ตัวเลือก ซ้ายและขวาเพื่อเลื่อน ปุ่มเลือกเพื่อเลือก
common-speech-entered =
    { $count ->
        [0] ยังไม่ได้กรอก
       *[other] กรอกแล้ว { $count } ตัว
    }
common-speech-volume = ระดับเสียง { $step } จาก { $steps }
common-speech-speed = ความเร็วเสียงพูด { $step } จาก { $steps } ซ้ายช้าลง ขวาเร็วขึ้น
common-speech-no-back = ย้อนกลับจากที่นี่ไม่ได้
common-speech-any-key = กดปุ่มใดก็ได้เพื่อทำต่อ
common-speech-seconds = เหลือ { $seconds } วินาที
common-speech-language = ภาษา
common-speech-sign-stop = จุด
common-speech-sign-comma = จุลภาค
common-speech-sign-hyphen = ยัติภังค์
common-speech-sign-slash = ทับ
common-speech-sign-apostrophe = อะพอสทรอฟี
common-tone = มีเสียงเตือนจนกว่าคุณจะรับ
common-number-title = พิมพ์หมายเลขบัตรประจำตัว
common-number-subtitle = ไม่ต้องใส่วงเล็บ เช่น A1234563
common-number-label = หมายเลขบัตรประจำตัว
common-number-hint = ตัวอักษรและตัวเลข
common-number-error = หมายเลขนี้ไม่ถูกต้อง กรุณาตรวจดูทุกตัว
common-number-wrong = ไม่พบข้อมูลนี้ กรุณาพิมพ์ใหม่ ลองได้อีก: { $left }
common-year-title = คุณเกิดปีอะไร (ค.ศ.)
common-year-subtitle = เพื่อไม่ให้ผู้อื่นใช้คิวของคุณ
common-year-label = ปีเกิด (ค.ศ.)
common-year-hint = ตัวเลขสี่หลัก
common-year-error = กรุณาพิมพ์ตัวเลขสี่หลัก เช่น 1980
common-weekday-0 = วันจันทร์
common-weekday-1 = วันอังคาร
common-weekday-2 = วันพุธ
common-weekday-3 = วันพฤหัสบดี
common-weekday-4 = วันศุกร์
common-weekday-5 = วันเสาร์
common-weekday-6 = วันอาทิตย์
common-slot = { $weekday } { $day }/{ $month } เวลา { $hour }
common-day = { $weekday } { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] มกราคม
        [2] กุมภาพันธ์
        [3] มีนาคม
        [4] เมษายน
        [5] พฤษภาคม
        [6] มิถุนายน
        [7] กรกฎาคม
        [8] สิงหาคม
        [9] กันยายน
        [10] ตุลาคม
        [11] พฤศจิกายน
       *[12] ธันวาคม
    } { $year }
