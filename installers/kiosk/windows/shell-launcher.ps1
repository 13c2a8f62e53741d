# Windows 11 IoT Enterprise: the station in place of the desktop (Shell Launcher v2).
# For the technician, run once as administrator. UNTRIED: written from Microsoft's documentation
# (WESL_UserSetting, AssignedAccess CSP); no machine of ours has run it.
param(
    [Parameter(Mandatory)][ValidateSet('tag', 'registration', 'bench', 'collection')][string]$Kind,
    [string]$Account = 'smartics'
)
$ErrorActionPreference = 'Stop'
Enable-WindowsOptionalFeature -Online -FeatureName Client-EmbeddedShellLauncher -All -NoRestart

$Sid = (New-Object Security.Principal.NTAccount($Account)).Translate(
    [Security.Principal.SecurityIdentifier]).Value
$Shell = "C:\Program Files\smartics\smartics-$Kind.exe --config C:\ProgramData\smartics\$Kind\station.toml"
$Launcher = [wmiclass]'\\localhost\root\standardcimv2\embedded:WESL_UserSetting'

# 0 restart the shell, 1 restart the machine, 2 shut it down, 3 do nothing.
# 75: staff restart the program; 88: staff shut the machine down; all else: a fault, start anew.
$Launcher.SetCustomShell($Sid, $Shell, (75, 88), (0, 2), 0)
$Launcher.SetDefaultShell('explorer.exe', 0)
$Launcher.SetEnabled($true)

# No memory of the program is written anywhere after a crash, and none is paged out in the clear.
Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\CrashControl' CrashDumpEnabled 0
New-Item 'HKLM:\SOFTWARE\Microsoft\Windows\Windows Error Reporting' -Force | Out-Null
Set-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\Windows Error Reporting' Disabled 1
fsutil behavior set encryptpagingfile 1
