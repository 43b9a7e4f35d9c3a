@echo off
rem Runs vcam from a checkout: makes .venv beside it the first time, then hands all arguments on.
setlocal
set "root=%~dp0.."
set "python=%root%\.venv\Scripts\python.exe"
set "stamp=%root%\.venv\vcam-runtime"
rem .venv is as it should be where it was made for this pyproject.toml: its time and size.
for %%f in ("%root%\pyproject.toml") do set "asked=%%~tf, %%~zf bytes"
set "made="
if exist "%stamp%" set /p made=< "%stamp%"
if not "%made%" == "%asked%" call :prepare || exit /b 8
set "VCAM_PROGRAM=%~0"
"%python%" -m vcam %*
exit /b %errorlevel%

:prepare
set "base="
set "test=import sys; sys.exit(sys.version_info < (3, 10))"
for %%p in (py.exe python.exe) do if not defined base if not "%%~$PATH:p" == "" %%p -c "%test%" > nul 2> nul && set "base=%%p"
if not defined base goto :lacking
echo vcam: setting up %root%\.venv, once 1>&2
%base% -m venv "%root%\.venv" || exit /b 8
"%python%" -m pip install --quiet --disable-pip-version-check --editable "%root%" 1>&2 || exit /b 8
"%python%" -m vcam models fetch > nul
> "%stamp%" echo %asked%
exit /b 0

:lacking
echo vcam: no Python 3.10 or newer was found 1>&2
echo       install one: winget install Python.Python.3.13 1>&2
exit /b 8
