# Windows 11 IoT Enterprise: keys that leave a station do nothing (Keyboard Filter).
# For the technician, run once as administrator, then restart. UNTRIED: written from Microsoft's
# documentation (WEKF_PredefinedKey, WEKF_Settings); no machine of ours has run it.
# The keypad's keys (F13 to F24, arrows, Enter, Escape, Tab) are not named here and keep working.
$ErrorActionPreference = 'Stop'
Enable-WindowsOptionalFeature -Online -FeatureName Client-KeyboardFilter -All -NoRestart

$Blocked = 'Ctrl+Alt+Del', 'Ctrl+Esc', 'Ctrl+Tab', 'Ctrl+F4', 'Alt+F4', 'Alt+Tab', 'Alt+Esc',
    'Alt+Space', 'Shift+Ctrl+Esc', 'Win+L', 'Win+R', 'Win+E', 'Win+D', 'Win+M', 'Win+U', 'Win+Home',
    'Windows', 'Application', 'LaunchMail', 'LaunchMediaSelect', 'LaunchApp1', 'LaunchApp2',
    'BrowserHome', 'BrowserSearch', 'PrintScreen'
foreach ($Name in $Blocked) {
    $Key = Get-WmiObject -Namespace root\standardcimv2\embedded -Class WEKF_PredefinedKey |
        Where-Object { $_.Id -eq $Name }
    if ($Key) { $Key.Enabled = $true; $Key.Put() | Out-Null }
    else { Write-Warning "this Windows knows no key $Name" }
}
# Administrators are filtered too: a station has no way out but its staff mode.
$Setting = Get-WmiObject -Namespace root\standardcimv2\embedded -Class WEKF_Settings |
    Where-Object { $_.Name -eq 'DisableKeyboardFilterForAdministrators' }
$Setting.Value = 'false'
$Setting.Put() | Out-Null

# Swipes from an edge open nothing (EdgeUI policy), and no toast covers the screen.
New-Item 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EdgeUI' -Force | Out-Null
Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EdgeUI' AllowEdgeSwipe 0
New-Item 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\PushNotifications' -Force | Out-Null
Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\PushNotifications' NoToastApplicationNotification 1
