# 自助电子填表服务台；自助登记服务站也使用其页面。
bench-title = 自助电子填表服务台
bench-welcome-title = 请在这里填表
bench-welcome-subtitle = 请将筹票二维码对准镜头。
bench-welcome-no-camera = 镜头暂时失灵，请用另一服务台。
bench-fetching = 正在打开您的表格
bench-saving = 正在保存您的表格
bench-page-name = 您的姓名
bench-page-about = 性别和婚姻状况
bench-page-birth = 您的出生日期
bench-page-origin = 出生地点和国籍
bench-page-work = 您的职业
bench-page-address = 您住在哪里？
bench-page-telephone = 如何联系您？
bench-hint-letters = 英文字母
bench-hint-digits = 只填数字
bench-hint-date = 日、月、年：DDMMYYYY
bench-hint-choice = 请选择
bench-error-date = 请以八位数字输入日期，例如 14031985。
bench-error-digits = 请输入至少八位数字。
bench-review-title = 信息是否正确？
bench-review-subtitle = 请逐项核对，然后确认。
bench-review-gaps = 还有项目未填，轻触该项即可填写。
bench-review-change = 更改：{ $field }
bench-review-confirm = 是，确认
bench-review-later = 留待稍后
bench-done-title-whole = 完成，谢谢
bench-done-subtitle-whole = 请等候叫号。
bench-done-title-later = 表格已保存
bench-done-subtitle-later = 还有项目未填，请用同一筹票在任何服务台继续。
bench-done-title-officer = 工作人员会继续为您办理
bench-done-subtitle-officer = 请稍候，我们会叫号请您到登记室。已填资料已保存。
bench-how-title = 您想如何继续？
bench-how-gaps = 还有项目未填；已填资料已保存。
bench-how-saved = 已填资料已保存。
bench-how-officer = 由工作人员协助
bench-how-officer-detail = 我们会叫号请您到登记室
bench-how-now = 现在自己填写
bench-how-now-detail = 返回表格
bench-how-later = 稍后自己填写
bench-how-later-detail = 用同一筹票在任何服务台继续
bench-notice-title-unknown = 无法识别此二维码
bench-notice-title-no_connection = 无法连接系统
bench-notice-title-nothing_to_fill = 无须填表
bench-notice-title-staff = 请向工作人员查询
bench-notice-unknown = 请出示今天筹票上的二维码，或向工作人员查询。
bench-notice-no_connection = 请稍后再试，或向工作人员查询。
bench-notice-nothing_to_fill = 表格已填好，请等候叫号。
bench-notice-staff = 已填资料已保存，工作人员会协助您。

# Which form, by age
bench-form-adult = 表格 ROP 1（18 岁或以上），逐栏保存。
bench-form-youth = 表格 ROP 2（11 至 17 岁），逐栏保存。
bench-form-child = 表格 ROP 3（11 岁以下），逐栏保存。

# The Chinese name and its codes
bench-chinese-title = 您的中文姓名
bench-chinese-subtitle = 最多六个字。按一个字可选择其电码。
bench-chinese-find = 查找下一个字
bench-chinese-hint = 电码、仓颉码或粤语拼音
bench-chinese-search = 查找
bench-chinese-none = 我没有中文姓名
bench-chinese-drop = 删除最后一字
bench-chinese-full = 姓名最多六个字。
bench-chinese-nothing = 找不到字。请试用其他方法。
bench-chinese-no-code = 没有电码
bench-code-title = 这个字的电码是什么？
bench-code-subtitle = 电码印在身份证姓名下方。如不肯定，可由工作人员处理。
bench-code-label = 其他电码
bench-code-hint = 四或五个数字
bench-code-error = 电码为四或五个数字。
bench-code-take = 采用此电码

# The district
bench-area-hong_kong = 香港岛
bench-area-kowloon = 九龙
bench-area-new_territories = 新界
bench-district-central_and_western = 中西区
bench-district-eastern = 东区
bench-district-southern = 南区
bench-district-wan_chai = 湾仔
bench-district-kowloon_city = 九龙城
bench-district-kwun_tong = 观塘
bench-district-sham_shui_po = 深水埗
bench-district-wong_tai_sin = 黄大仙
bench-district-yau_tsim_mong = 油尖旺
bench-district-islands = 离岛
bench-district-kwai_tsing = 葵青
bench-district-north = 北区
bench-district-sai_kung = 西贡
bench-district-sha_tin = 沙田
bench-district-tai_po = 大埔
bench-district-tsuen_wan = 荃湾
bench-district-tuen_mun = 屯门
bench-district-yuen_long = 元朗
bench-district-none = 其他地方
bench-hint-district = 从列表选择

# The declaration
bench-declare-title = 声明
bench-declare-subtitle = 表格交予工作人员前，请先阅读。
bench-declare-guardian = 未满 18 岁者由父、母或法定监护人声明。
bench-declare-true = 本人声明此表格所填报的资料完整和真确。
bench-declare-offence = 明知而提供虚假资料，即属犯罪。
bench-declare-sign = 您稍后会在工作人员面前签署表格。
bench-declare-yes = 本人谨此声明

# A code that opens nothing
bench-notice-title-unreadable = 并非本处的二维码
bench-notice-unreadable = 请将筹票二维码对准镜头。
bench-notice-title-other_day = 这不是今天的筹票
bench-notice-other_day = 请到自助取筹服务站重新取筹，或向工作人员查询。
