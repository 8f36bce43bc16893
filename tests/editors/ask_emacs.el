;;; emacs --batch --init-directory DIR -l DIR/init.el -l ask_emacs.el FILE FIX   -*- lexical-binding: t -*-
;;; Opens the example as the user's init file says and prints as JSON what a person would read.
;;; FIX is part of the title of the quick fix to apply.
(require 'cl-lib)
(require 'json)

(defvar patience 60 "Seconds.")
(defvar answers nil)

(defun tell (what value) (push (cons what value) answers))

(defun wait (what condition)
  "Wait until CONDITION returns something; it is an error (WHAT) if it never does."
  (let ((end (+ (float-time) patience)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) end) (error "never: %s" what))
      (accept-process-output nil 0.02))
    found))

(defun hints ()
  "The overlays that eglot draws as hints: line and text."
  (eglot--update-hints-1 (point-min) (point-max))
  (accept-process-output nil 0.05)
  (cl-loop for overlay in (overlays-in (point-min) (point-max))
           when (overlay-get overlay 'eglot--inlay-hint)
           collect (vector (line-number-at-pos (overlay-start overlay))
                           (substring-no-properties (or (overlay-get overlay 'before-string)
                                                        (overlay-get overlay 'after-string) "")))))

(defun hover ()
  "What eldoc is given to show at point."
  (let (told)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq told (or text ""))))
    (wait "a hover" (lambda () told))
    (substring-no-properties told)))

(defun ask (file fix)
  (find-file file)
  (run-hooks 'post-command-hook) ; the first command after opening starts the server
  (wait "the server" #'eglot-current-server)
  (tell 'root (expand-file-name (project-root (eglot--project (eglot-current-server)))))
  (wait "diagnostics" (lambda () (flymake-start) (flymake-diagnostics)))
  (let ((found (flymake-diagnostics)))
    (tell 'count (length found))
    (tell 'diagnostic (vector (line-number-at-pos (flymake-diagnostic-beg (car found)))
                              (substring-no-properties (flymake-diagnostic-text (car found))))))
  (tell 'hints (vconcat (wait "hints" (lambda () (let ((found (hints))) (and (cdr found) found))))))
  (goto-char (point-min))
  (forward-line 13)
  (tell 'hover (hover))
  (goto-char (flymake-diagnostic-beg (car (flymake-diagnostics))))
  (tell 'strategy (symbol-name eldoc-documentation-strategy))
  (tell 'beside (hover))
  (setq last-nonmenu-event ?\r ; a key was pressed, not a mouse button
        completing-read-function
        (lambda (_ choices &rest _) (seq-find (lambda (title) (string-search fix title)) (all-completions "" choices))))
  (call-interactively #'eglot-code-action-quickfix)
  (wait "the diagnostic to go" (lambda () (eglot--signal-textDocument/didChange) (null (flymake-diagnostics))))
  (tell 'text (buffer-substring-no-properties (point-min) (point-max)))
  (tell 'fixed (wait "hints of what was fixed"
                     (lambda () (cl-loop for hint across (vconcat (hints)) when (= (aref hint 0) 19) return (aref hint 1))))))

(condition-case problem
    (ask (pop command-line-args-left) (pop command-line-args-left))
  (error (tell 'problem (error-message-string problem))))
(princ (concat (json-encode answers) "\n"))
(set-buffer-modified-p nil)
(kill-emacs 0)
