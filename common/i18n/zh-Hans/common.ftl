# 每个服务站的用语。
common-station = 智能身份证服务
common-step = 第 { $step } 步，共 { $steps } 步
common-larger-text = 放大字体
common-smaller-text = 标准字体
common-high-contrast = 高对比度
common-normal-contrast = 标准颜色
common-call-staff = 呼叫工作人员
common-back = 返回
common-next = 下一步
common-confirm = 确认
common-cancel = 取消
common-yes = 是
common-no = 否
common-finish = 完成
common-start-over = 重新开始
common-try-again = 再试一次
common-continue = 继续
common-key-clear = 清除
common-key-delete = 删除
common-key-space = 空格
common-live-view = 镜头影像
common-more-time-question = 您需要更多时间吗？
common-more-time-countdown = 服务将于 { $seconds } 秒后结束，您的资料会从屏幕清除。
common-more-time = 是，需要更多时间
common-please-wait = 请稍候
common-starting = 本服务站正在启动
common-not-sensible = 请核对后再试
common-counter-title = 请到柜位
common-counter-nothing-lost = 无须重做已完成的步骤。
common-counter-tag = 您的筹号
common-out-of-service-title = 本服务站暂停服务
common-out-of-service-detail = 请使用另一台服务站，或向工作人员查询。
common-out-of-service-taken-out = 请使用另一台服务站。工作人员：请通知技术员。
common-staff-told = 已通知工作人员。
common-staff-told-wait = 已通知工作人员。如无法前往，请在此等候。
common-card-stuck = 身份证卡住了，请通知工作人员前来。
common-card-stuck-told = 身份证卡住了，请在此稍候，工作人员即将前来。
common-card-late = 您的身份证仍在插卡口，请取回，或向工作人员查询。
common-card-late-told = 您的身份证仍在插卡口，已通知工作人员。
common-take-card-title = 请取回身份证
common-take-card-detail = 身份证在插卡口。
common-working = 正在处理
common-counter-place = 柜位
common-counter-unforeseen = 本服务站未能完成步骤，工作人员会协助您。
common-scroll-down = 向下
common-scroll-up = 返回顶部

# Fingers
common-finger-1 = 右手拇指
common-finger-2 = 右手食指
common-finger-3 = 右手中指
common-finger-4 = 右手无名指
common-finger-5 = 右手小指
common-finger-6 = 左手拇指
common-finger-7 = 左手食指
common-finger-8 = 左手中指
common-finger-9 = 左手无名指
common-finger-10 = 左手小指

## The design system

common-controls-lower = 按钮移低
common-controls-usual = 按钮还原
common-read-on = 继续阅读
# Languages the office helps in
common-languages = 其他语言
# Speech and keypad
common-speech-intro = 语音已开启。请使用耳机插孔旁的按键。按上、下键逐项移动，按确定键选取。按左、右键逐行收听。按说明键重读本页；连按两次可重听这段说明。按音量键可调节音量。
common-speech-choices = 共有 { $count } 个选项。按下键到第一项。
common-speech-place = 第 { $at } 项，共 { $count } 项
common-speech-button = 按钮
common-speech-field = 输入栏
common-speech-chosen = 已选取
common-speech-not-chosen = 未选取
common-speech-unavailable = 暂不可用
common-speech-pad = 输入键。按左、右键查找字符，按确定键输入。
common-speech-options = 有 { $count } 个选择。按左、右键浏览，按确定键选取。
common-speech-entered = { $count ->
    [0] 尚未输入
   *[other] 已输入 { $count } 个字符
}
common-speech-volume = 音量 { $step }，最高 { $steps }
common-speech-speed = 语音速度 { $step }，最快 { $steps }。按左键减慢，按右键加快。
common-speech-no-back = 此处不能返回。
common-speech-any-key = 按任意键继续。
common-speech-seconds = 还剩 { $seconds } 秒。
common-speech-language = 语言
common-speech-sign-stop = 句点
common-speech-sign-comma = 逗号
common-speech-sign-hyphen = 连字符
common-speech-sign-slash = 斜线
common-speech-sign-apostrophe = 撇号
# 提示音及其字幕
common-tone = 取出前会持续发出提示音。

# Number and year of birth are typed
common-number-title = 请输入身份证号码
common-number-subtitle = 无须输入括号，例如 A1234563。
common-number-label = 身份证号码
common-number-hint = 英文字母和数字
common-number-error = 号码不正确，请核对每个字母和数字。
common-number-wrong = 找不到记录，请重新输入。剩余次数：{ $left }
common-year-title = 您在哪一年出生？
common-year-subtitle = 以免他人占用您的名额。
common-year-label = 出生年份
common-year-hint = 四位数字
common-year-error = 请输入四位数字，例如 1980。

# Days and hours of the office
common-weekday-0 = 星期一
common-weekday-1 = 星期二
common-weekday-2 = 星期三
common-weekday-3 = 星期四
common-weekday-4 = 星期五
common-weekday-5 = 星期六
common-weekday-6 = 星期日
common-slot = { $month }月{ $day }日（{ $weekday }）{ $hour }
common-day = { $month }月{ $day }日（{ $weekday }）
common-date = { $year }年{ $month }月{ $day }日
