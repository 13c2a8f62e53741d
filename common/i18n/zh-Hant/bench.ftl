# 自助電子填表服務台；自助登記服務站亦使用其頁面。
bench-title = 自助電子填表服務台
bench-welcome-title = 請在此填表
bench-welcome-subtitle = 請將籌票二維碼對準鏡頭。
bench-welcome-no-camera = 鏡頭暫時失靈，請用另一服務台。
bench-fetching = 正在開啟您的表格
bench-saving = 正在儲存您的表格
bench-page-name = 您的姓名
bench-page-about = 性別及婚姻狀況
bench-page-birth = 您的出生日期
bench-page-origin = 出生地點及國籍
bench-page-work = 您的職業
bench-page-address = 您住在哪裏？
bench-page-telephone = 如何聯絡您？
bench-hint-letters = 英文字母
bench-hint-digits = 只填數字
bench-hint-date = 日、月、年：DDMMYYYY
bench-hint-choice = 請選擇
bench-error-date = 請以八位數字輸入日期，例如 14031985。
bench-error-digits = 請輸入最少八位數字。
bench-review-title = 資料是否正確？
bench-review-subtitle = 請逐項核對，然後確認。
bench-review-gaps = 尚有項目未填，輕觸該項即可填寫。
bench-review-change = 更改：{ $field }
bench-review-confirm = 是，確認
bench-review-later = 留待稍後
bench-done-title-whole = 完成，謝謝
bench-done-subtitle-whole = 請等候我們叫喚您的籌號。
bench-done-title-later = 表格已儲存
bench-done-subtitle-later = 尚有項目未填，請用同一籌票在任何服務台繼續。
bench-done-title-officer = 職員會繼續為您辦理
bench-done-subtitle-officer = 請稍候，我們會叫喚您的籌號到登記室。已填資料已儲存。
bench-how-title = 您想如何繼續？
bench-how-gaps = 尚有項目未填；已填資料已儲存。
bench-how-saved = 已填資料已儲存。
bench-how-officer = 由職員協助
bench-how-officer-detail = 我們會叫喚您的籌號到登記室
bench-how-now = 現在自行填寫
bench-how-now-detail = 返回表格
bench-how-later = 稍後自行填寫
bench-how-later-detail = 以同一籌票在任何服務台繼續
bench-notice-title-unknown = 未能識別此二維碼
bench-notice-title-no_connection = 未能連接系統
bench-notice-title-nothing_to_fill = 毋須填表
bench-notice-title-staff = 請向職員查詢
bench-notice-unknown = 請出示今天籌票上的二維碼，或向職員查詢。
bench-notice-no_connection = 請稍後再試，或向職員查詢。
bench-notice-nothing_to_fill = 表格已填妥，請等候叫號。
bench-notice-staff = 已填資料已儲存，職員會協助您。

# Which form, by age
bench-form-adult = 表格 ROP 1（18 歲或以上），逐欄儲存。
bench-form-youth = 表格 ROP 2（11 至 17 歲），逐欄儲存。
bench-form-child = 表格 ROP 3（11 歲以下），逐欄儲存。

# The Chinese name and its codes
bench-chinese-title = 您的中文姓名
bench-chinese-subtitle = 最多六個字。按一個字可選擇其電碼。
bench-chinese-find = 尋找下一個字
bench-chinese-hint = 電碼、倉頡碼或粵語拼音
bench-chinese-search = 尋找
bench-chinese-none = 我沒有中文姓名
bench-chinese-drop = 刪除最後一字
bench-chinese-full = 姓名最多六個字。
bench-chinese-nothing = 找不到字。請試用其他方法。
bench-chinese-no-code = 沒有電碼
bench-code-title = 這個字的電碼是甚麼？
bench-code-subtitle = 電碼印在身份證姓名下方。如不肯定，可由職員處理。
bench-code-label = 其他電碼
bench-code-hint = 四或五個數字
bench-code-error = 電碼為四或五個數字。
bench-code-take = 採用此電碼

# The district
bench-area-hong_kong = 香港島
bench-area-kowloon = 九龍
bench-area-new_territories = 新界
bench-district-central_and_western = 中西區
bench-district-eastern = 東區
bench-district-southern = 南區
bench-district-wan_chai = 灣仔
bench-district-kowloon_city = 九龍城
bench-district-kwun_tong = 觀塘
bench-district-sham_shui_po = 深水埗
bench-district-wong_tai_sin = 黃大仙
bench-district-yau_tsim_mong = 油尖旺
bench-district-islands = 離島
bench-district-kwai_tsing = 葵青
bench-district-north = 北區
bench-district-sai_kung = 西貢
bench-district-sha_tin = 沙田
bench-district-tai_po = 大埔
bench-district-tsuen_wan = 荃灣
bench-district-tuen_mun = 屯門
bench-district-yuen_long = 元朗
bench-district-none = 其他地方
bench-hint-district = 從列表選擇

# The declaration
bench-declare-title = 聲明
bench-declare-subtitle = 表格交予職員前，請先閱讀。
bench-declare-guardian = 未滿 18 歲者由父、母或法定監護人聲明。
bench-declare-true = 本人聲明此表格所填報的資料完備和真確。
bench-declare-offence = 明知而提供虛假資料，即屬犯罪。
bench-declare-sign = 您稍後會在職員面前簽署表格。
bench-declare-yes = 本人謹此聲明

# A code that opens nothing
bench-notice-title-unreadable = 並非本處的二維碼
bench-notice-unreadable = 請將籌票二維碼對準鏡頭。
bench-notice-title-other_day = 這不是今天的籌票
bench-notice-other_day = 請到自助取籌服務站重新取籌，或向職員查詢。
