@echo off
rem Runs vcam from a checkout: makes .venv beside it the first time, then hands all arguments on.
setlocal
set "root=%~dp0.."
set "python=%root%\.venv\Scripts\python.exe"
set "stamp=%root%\.venv\vcam-runtime.toml"
rem What pyproject.toml asked for when .venv was made.
fc /b "%root%\pyproject.toml" "%stamp%" > nul 2> nul || call :prepare || exit /b 8
set "VCAM_PROGRAM=%~0"
"%python%" -m vcam %*
exit /b %errorlevel%

:prepare
set "base="
for %%p in (py.exe python.exe) do if not defined base (
    %%p -c "import sys; sys.exit(sys.version_info < (3, 10))" > nul 2> nul && set "base=%%p"
)
if not defined base (
    echo vcam: no Python 3.10 or newer was found 1>&2
    echo       install one: winget install Python.Python.3.13 1>&2
    exit /b 8
)
echo vcam: setting up %root%\.venv, once 1>&2
%base% -m venv "%root%\.venv" || exit /b 8
"%python%" -m pip install --quiet --disable-pip-version-check --editable "%root%" 1>&2 || exit /b 8
"%python%" -m vcam models fetch > nul
copy /y "%root%\pyproject.toml" "%stamp%" > nul
exit /b 0
